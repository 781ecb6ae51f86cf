// `frecas models`: what recipes can name, from the Hugging Face cache too, and why some of it cannot be used.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";
import { changeJson, copyModel } from "./model-copy.ts";

const cwd = openWorkplace();
const hub = join(cwd, "cache/huggingface/hub");

/** A snapshot of `folder`'s main branch in the cache. */
function cache(folder: string): string {
  const snapshot = join(hub, folder, "snapshots/abc");
  mkdirSync(snapshot, { recursive: true });
  write(join(hub, folder, "refs/main"), "abc\n");
  return snapshot;
}

it("models of the cache are listed by id, with their family or why they cannot be used", async () => {
  const good = cache("models--owner--tiny-sd.1");
  copyModel(good);
  const other = cache("models--owner--other");
  write(join(other, "model_index.json"), '{"_class_name": "FluxPipeline"}');
  const masks = cache("models--owner--inpainting");
  copyModel(masks);
  changeJson(masks, "unet/config.json", { in_channels: 9 });
  write(join(cache("models--owner--text"), "config.json"), "{}");
  mkdirSync(join(hub, "models--owner--half"));
  mkdirSync(join(hub, "datasets--owner--pictures"));

  const { code, out, err } = await frecas(["models", "--json"], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [vista, ...cached] = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(vista.name).toBe("vista");
  const why = (reason: string) => expect.stringContaining(reason);
  expect(cached).toEqual([
    { name: "owner/inpainting", folder: masks, kind: "cache", unsupported: why("9 channels in") },
    { name: "owner/other", folder: other, kind: "cache", unsupported: why("class FluxPipeline") },
    { name: "owner/tiny-sd.1", folder: good, kind: "cache", family: "sd" },
  ]);
  const { out: text } = await frecas(["models"], { cwd });
  expect(text).toMatch(/^owner\/other {2}cache {2}cannot be used: model .*FluxPipeline/m);
  expect(text).toMatch(/^owner\/tiny-sd\.1 {2}cache {2}sd$/m);
});

it("an id that is listed can be run, even beside a folder of that name", async () => {
  mkdirSync(join(cwd, "owner/tiny-sd.1"), { recursive: true });
  write(join(cwd, "id.frecas"), tinyRecipe("", "owner/tiny-sd.1"));
  expect(await frecas(["run", "id.frecas"], { cwd })).toMatchObject({ code: 0 });
});

it("a cache that is a file is an empty one", async () => {
  const env = { HF_HUB_CACHE: write(join(cwd, "file"), "") };
  expect(await frecas(["models"], { cwd, env })).toMatchObject({ code: 0, err: "" });
});
