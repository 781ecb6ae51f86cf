// What a recipe's `model` means on a machine: built in, a path, an id of the hub, or a name of the catalogue.
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { openModelFinder } from "../../daemon/catalogue/find-model.ts";
import { cacheRevision } from "../support/hub-cache.ts";
import { openWorkplace } from "./workplace.ts";

const workplace = openWorkplace();
const { home, hub, write } = workplace;
const comfyui = "ComfyUI/models/checkpoints";
const near = join(home, "recipes");

write(`${comfyui}/DreamShaper_8.safetensors`, "");
write(`${comfyui}/anime/counterfeit.v3.safetensors`, "");
write(`${comfyui}/twice.safetensors`, "");
write(`${comfyui}/linked.safetensors`, "");
write(`${comfyui}/old.ckpt`, "");
write(`${comfyui}/both.ckpt`, "");
write(`${comfyui}/both.safetensors`, "");
write("stable-diffusion-webui/models/Stable-diffusion/twice.safetensors", "");
write("stable-diffusion-webui/models/Stable-diffusion/vista.safetensors", "");
write("sd/folder-model/model_index.json", "{}");
write("recipes/beside.safetensors", "");
write("recipes/twice.safetensors", "");
write("recipes/plain/readme.txt", "");
mkdirSync(join(home, "links"));
symlinkSync(join(home, comfyui, "linked.safetensors"), join(home, "links/linked.safetensors"));
symlinkSync("nowhere", join(home, "links/dangling.safetensors"));
symlinkSync("nowhere", join(home, comfyui, "lost.ckpt"));
symlinkSync("round.ckpt", join(home, comfyui, "round.ckpt"));

const revision = (names: readonly string[]) => ({
  commit: "c1",
  ref: "main",
  files: new Map(names.map((name) => [name, name])),
});
const whole = cacheRevision(hub, "owner/whole", revision(["model_index.json"]));
const single = cacheRevision(hub, "owner/single", revision(["config.json", "one.safetensors"]));
cacheRevision(hub, "owner/several", revision(["one-pruned.safetensors", "one-ema.safetensors"]));

const places = workplace.places({ FRECAS_MODELS: "sd:links" });
const finder = openModelFinder(places);

/** As recipes in `near` have it: what looks like a path or a file is absolute. */
function wanted(written: string) {
  const isPath = /^\.|\.(safetensors|ckpt)$/.test(written) && !written.startsWith("/");
  return { model: isPath ? join(near, written) : written, written, near };
}

describe("a model is found", () => {
  const check = async (written: string, expected: string): Promise<void> => {
    expect(await finder.find(wanted(written))).toBe(expected);
  };
  it.each([
    ["by its file's name", "DreamShaper_8.safetensors", `${comfyui}/DreamShaper_8.safetensors`],
    [
      "by its file's name without the ending",
      "DreamShaper_8",
      `${comfyui}/DreamShaper_8.safetensors`,
    ],
    ["in a sub-folder", "counterfeit.v3", `${comfyui}/anime/counterfeit.v3.safetensors`],
    [
      "by the end of its path",
      "anime/counterfeit.v3",
      `${comfyui}/anime/counterfeit.v3.safetensors`,
    ],
    [
      "by the end of its path, with its ending",
      "Stable-diffusion/twice.safetensors",
      "stable-diffusion-webui/models/Stable-diffusion/twice.safetensors",
    ],
    ["as a folder in diffusers format", "folder-model", "sd/folder-model"],
    ["beside the recipe before anywhere else", "twice.safetensors", "recipes/twice.safetensors"],
    ["once where a link leads to it too", "linked", "links/linked.safetensors"],
    ["beside a pickle of the same name", "both", `${comfyui}/both.safetensors`],
    ["at a path", "./beside.safetensors", "recipes/beside.safetensors"],
    [
      "where a link leads nowhere, so that reading it says so",
      "dangling",
      "links/dangling.safetensors",
    ],
  ])("%s", (_, written, path) => check(written, join(home, path)));

  it("under a built-in name before a file's", () => check("vista", join(places.builtIn, "vista")));
  it("below the home", () => check("~/sd/folder-model", join(home, "sd/folder-model")));
  it("under an id of the hub", () => check("owner/whole", whole));
  it("under the id of a repository of one checkpoint", () =>
    check("owner/single", join(single, "one.safetensors")));
  it("at an absolute path", () =>
    check(join(home, "sd/folder-model"), join(home, "sd/folder-model")));
});

const found8 = "DreamShaper_8.safetensors";
const path = `${home}/${comfyui}/twice.safetensors`;
const otherPath = `${home}/stable-diffusion-webui/models/Stable-diffusion/twice.safetensors`;

describe("what is not found is told with what to do", () => {
  const check = async (written: string, code: string, message: RegExp): Promise<void> => {
    const found = await finder.lookUp(wanted(written));
    if (found.kind === "found") throw new Error(`found ${found.path}`);
    expect(found.failure).toBeInstanceOf(Failure);
    expect(found.failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(found.nearest).toBe(undefined);
  };
  it.each([
    [
      "two files of one name",
      "twice",
      "model.ambiguous",
      new RegExp(`got "twice", which is ${path} and ${otherPath}; write more`),
    ],
    [
      "a repository of several checkpoints",
      "owner/several",
      "model.ambiguous",
      /one-ema\.safetensors and .*one-pruned\.safetensors/,
    ],
    ["a name like no other", "nowhere-to-be-found", "model.missing", /use vista, a folder/],
    ["only the end of a name", "8", "model.missing", /got "8"/],
    [
      "a folder that holds no model",
      home,
      "model.unsupported",
      /must be a folder in diffusers format .*, got a folder without model_index\.json;/,
    ],
    ["a pickle", "old", "weights.pickle", /old\.ckpt: must be a \.safetensors file/],
    ["a pickle whose link leads nowhere", "lost", "weights.pickle", /lost\.ckpt: must be a/],
    ["a pickle whose link leads to itself", "round", "weights.pickle", /round\.ckpt: must be a/],
    [
      "a folder beside the recipe",
      "plain",
      "recipe.invalid",
      /must begin with \.\/ .*; write \.\/plain$/,
    ],
  ])("%s", (_, written, code, message) => check(written, code, message));
});

describe("the name that comes closest is proposed", () => {
  const check = async (written: string, nearest: string): Promise<void> => {
    const found = await finder.lookUp(wanted(written));
    const message = expect.stringContaining(`got "${written}"; write ${nearest}, which comes`);
    expect(found).toMatchObject({
      kind: "absent",
      nearest,
      failure: { code: "model.missing", message },
    });
  };
  it.each([
    ["of a name", "dreamshaper_9", found8],
    ["of a file's name", "DreamShaper8.safetensors", found8],
    ["of a name in lower case", "dreamshaper_8", found8],
    ["of an id", "owner/hole", "owner/whole"],
    ["of a path", "./besid.safetensors", "./beside.safetensors"],
    ["of an absolute path", join(home, "sd/foldermodel"), join(home, "sd/folder-model")],
    ["of a file beside the recipe", "besides.safetensors", "beside.safetensors"],
  ])("%s", (_, written, nearest) => check(written, nearest));
});

it("a path is never looked for elsewhere, so broken settings don't matter to it", async () => {
  const other = openWorkplace();
  other.write(".config/frecas/settings.yaml", "models: [");
  const file = other.write("a/tiny.safetensors", "");
  const look = (written: string) =>
    openModelFinder(other.places()).find({ model: written, written, near: other.home });
  expect(await look(file)).toBe(file);
  expect(await look("vista")).toBe(join(other.places().builtIn, "vista"));
  await expect(look("/nowhere/tiny.safetensors")).rejects.toMatchObject({ code: "model.missing" });
  await expect(look("tiny")).rejects.toMatchObject({ code: "settings.invalid" });
});
