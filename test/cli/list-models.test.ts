// `frecas models`: what recipes can name on this machine, as a table and as JSON, and that recipes find it.
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheRevision, filesOf } from "../support/hub-cache.ts";
import { golden } from "../support/read-golden.ts";
import { expectFailure, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";
import { copyModel } from "./model-copy.ts";

const cwd = openWorkplace();
const hub = join(cwd, "cache/huggingface/hub");
const files = filesOf(golden("models/sd15"));
const snapshot = cacheRevision(hub, "owner/tiny-sd.1", { commit: "c1", ref: "main", files });
const flux = new Map([["model_index.json", '{"_class_name": "FluxPipeline"}']]);
const other = cacheRevision(hub, "owner/other", { commit: "c1", ref: "main", files: flux });
const inFolder = join(cwd, "ComfyUI/models/diffusers/mine");
copyModel(inFolder);
const half = join(cwd, "sd/half");
copyModel(half);
rmSync(join(half, "vae/config.json"));
write(join(cwd, "config/frecas/settings.yaml"), "models: [~/sd]\n");
const env = { XDG_CONFIG_HOME: join(cwd, "config") };

it("prints one JSON object a line", async () => {
  const { code, out, err } = await frecas(["models", "--json"], { cwd, env });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const lines = out.trimEnd().split("\n");
  const [vista, ...others] = lines.map((line) => JSON.parse(line));
  expect(vista).toMatchObject({ name: "vista", source: "built-in", state: "complete" });
  const tiny = { family: "sd", nativePx: 64, precision: "fp32", state: "complete" };
  const bytes = expect.any(Number);
  const why = (text: string) => expect.stringContaining(text);
  expect(others).toEqual([
    {
      name: "owner/other",
      source: "huggingface",
      place: hub,
      path: other,
      bytes,
      state: "refused",
      why: why("FluxPipeline"),
    },
    { name: "owner/tiny-sd.1", source: "huggingface", place: hub, path: snapshot, bytes, ...tiny },
    {
      name: "half",
      source: "folder",
      place: join(cwd, "sd"),
      path: half,
      bytes,
      state: "incomplete",
      missing: [why("vae/config.json")],
    },
    {
      name: "mine",
      source: "comfyui",
      place: join(cwd, "ComfyUI/models/diffusers"),
      path: inFolder,
      bytes,
      ...tiny,
    },
  ]);
});

it("prints a table that fits into 80 columns", async () => {
  const { out } = await frecas(["models"], { cwd, env });
  expect(out).toMatch(
    /^Hugging Face cache: ~\/cache\/huggingface\/hub\n {2}owner\/other +[\d.]+ MB\n {6}cannot be used: model /m,
  );
  expect(out).toMatch(/^ {2}owner\/tiny-sd\.1 +sd +64 px fp32 +1\.\d MB$/m);
  expect(out).toMatch(
    /^ {2}half +1\.\d MB\n {6}incomplete: model half: must hold vae\/config\.json/m,
  );
  expect(out).toMatch(/^3 models can paint, 1 incomplete, 1 cannot be used, [\d.]+ MB in all$/m);
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

it.each([
  ["an id", "owner/tiny-sd.1"],
  ["a folder's name", "mine"],
])("a recipe runs with %s that is listed, even beside a folder of that name", async (_, model) => {
  mkdirSync(join(cwd, "recipes", model), { recursive: true });
  write(join(cwd, "recipes/name.frecas"), tinyRecipe("output: out.png", model));
  const ended = await frecas(["run", "recipes/name.frecas"], { cwd, env });
  expect(ended).toMatchObject({ code: 0 });
  const { out } = await frecas(["info", "recipes/out.png"], { cwd });
  expect(out).toContain(`model: ${model}\n`);
});

it("a recipe whose model is not here is checked with a warning and the name that comes closest", async () => {
  write(join(cwd, "near.frecas"), tinyRecipe("", "owner/tiny-sd.2"));
  const { code, out, err } = await frecas(["check", "near.frecas"], { cwd, env });
  expect({ code, err }).toEqual({ code: 0, err: "near.frecas: 1 recipe, 0 errors, 1 warning\n" });
  expect(out).toContain("near.frecas:1:8: warning: model: must be a built-in name");
  expect(out).toContain("1 | model: owner/tiny-sd.2\n  |        ^^^^^^^^^^^^^^^\n");
  expect(out).toContain("= instead: owner/tiny-sd.1");
  expectFailure(await frecas(["plan", "near.frecas"], { cwd, env }), {
    code: "model.missing",
    message: /write owner\/tiny-sd\.1, which comes closest/,
  });
});

it("broken settings are a failure of what needs them, and of nothing else", async () => {
  const broken = { XDG_CONFIG_HOME: join(cwd, "broken") };
  write(join(cwd, "broken/frecas/settings.yaml"), "modles: [~/sd]\n");
  const failure = { code: "settings.invalid", message: /settings\.yaml: must be as in/ };
  expectFailure(await frecas(["models"], { cwd, env: broken }), failure);
  write(join(cwd, "plain.frecas"), tinyRecipe());
  expect(await frecas(["plan", "plain.frecas"], { cwd, env: broken })).toMatchObject({ code: 0 });
  expect(await frecas(["check", "plain.frecas"], { cwd, env: broken })).toMatchObject({ code: 0 });
});

it("a folder that is closed to this user is noted, and hides nothing", async () => {
  const folder = join(cwd, "closed");
  copyModel(join(folder, "open"));
  mkdirSync(join(folder, "shut"));
  chmodSync(join(folder, "shut"), 0);
  const ended = await frecas(["models", "--json"], {
    cwd,
    env: { FRECAS_MODELS: folder, HF_HUB_CACHE: join(cwd, "none"), HOME: folder },
    asNobody: true,
  });
  chmodSync(join(folder, "shut"), 0o755);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.out).toContain(`"path":"${join(folder, "open")}"`);
  expect(ended.err).toMatch(/shut: must be a folder that this user can read, got EACCES/);
});

it("a cache that is a file is an empty one", async () => {
  const file = { HF_HUB_CACHE: write(join(cwd, "file"), "") };
  expect(await frecas(["models"], { cwd, env: file })).toMatchObject({ code: 0, err: "" });
});
