// The published command line: its flags, its file names, its mapping, and what it refuses.
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ended, expectFailure, frecas, goldenModel, openWorkplace, write } from "./frecas.ts";

const cwd = openWorkplace();

/** Flags of a run of two small stages; `changes` replace or add some, null takes one away. */
function generate(
  changes: Readonly<Record<string, readonly string[] | null>> = {},
): Promise<Ended> {
  const flags: Readonly<Record<string, readonly string[] | null>> = {
    name: [goldenModel],
    prompts: ["a lake"],
    tsize: ["[[64,72],[72,80]]"],
    msp_endtimes: ["200", "0"],
    msp_steps: ["2", "1"],
    output_dir: ["out"],
    ...changes,
  };
  const args = Object.entries(flags).flatMap(([flag, values]) =>
    values === null ? [] : [`--${flag}`, ...values],
  );
  return frecas(["generate", ...args], { cwd });
}

const filesOf = (folder: string): readonly string[] => readdirSync(join(cwd, folder)).sort();

it("takes every published flag and writes a picture a prompt and image, and their mapping", async () => {
  write(join(cwd, "prompts.lst"), "a lake\nan old mill, at dawn\n");
  const { code, out } = await generate({
    prompts: ["prompts.lst"],
    "images-per-prompt": ["2"],
    gs: ["7.5"],
    msp_gamma: ["2.0"],
    facfg_weight: ["35", "7.5"],
    facfg_mode: ["bilinear"],
    camap_weight: ["0.6"],
    vae_tiling: [],
    seed: ["7"],
    mixed_precision: ["fp16"],
    output_dir: ["all"],
  });
  const pictures = ["00000.00.png", "00000.01.png", "00001.00.png", "00001.01.png"];
  expect({ code, out }).toEqual({
    code: 0,
    out: pictures.map((name) => `${join(cwd, "all", name)}\n`).join(""),
  });
  expect(filesOf("all")).toEqual([...pictures, "mapping.lst"]);
  expect(readFileSync(join(cwd, "all/mapping.lst"), "utf8")).toBe(
    "00000.00.png: a lake\n00000.01.png: a lake\n00001.00.png: an old mill, at dawn\n00001.01.png: an old mill, at dawn\n",
  );
  // [height, width], as the published code says sizes.
  const picture = readFileSync(join(cwd, "all/00000.00.png"));
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([80, 72]);
});

it("takes a model's folder that lies in the present one", async () => {
  symlinkSync(goldenModel, join(cwd, "tiny"));
  expect(await generate({ name: ["tiny"], output_dir: ["near"] })).toMatchObject({ code: 0 });
});

describe("a flag that is wrong is named with its rule", () => {
  it.each([
    ["tsize", ["64"], /--tsize: must be \[\[height,width\],…\] in pixels, got 64/],
    ["tsize", ["[[64,64],[72]]"], /--tsize: must be/],
    ["tsize", ["[[64,64],[-8,8]]"], /--tsize: must be/],
    ["tsize", ["[[63,64],[72,72]]"], /must be multiples of 8 px, got 64×63/],
    ["tsize", ["[[72,72],[64,64]]"], /must be larger than the stage before/],
    [
      "tsize",
      ["[[64,64],[72,72],[80,80]]"],
      /--tsize: must have as many stages as .* got 3, 2 and 2/,
    ],
    ["msp_steps", ["2"], /--tsize: must have as many stages as .* got 2, 1 and 2/],
    ["msp_steps", ["2", "0"], /--msp_steps: must be a whole number from 1 to 1000, got "0"/],
    ["msp_endtimes", ["x", "0"], /--msp_endtimes: must be a whole number from 0 to 999, got "x"/],
    ["msp_gamma", ["0"], /--msp_gamma: must be a number above 0, got "0"/],
    ["facfg_weight", ["-3"], /--facfg_weight: must be a number of at least 0|missing/],
    ["camap_weight", ["2"], /--camap_weight: must be a number from 0 to 1, got "2"/],
    ["gs", ["many"], /--gs: must be a number of at least 1, got "many"/],
    ["seed", ["1.5"], /--seed: must be a whole number from 0 to 4294967295, got "1.5"/],
    ["seed", ["-1"], /--seed: must be a whole number/],
    ["images-per-prompt", ["0"], /--images-per-prompt: must be a whole number from 1 to 64/],
    [
      "prompts",
      ["none.txt"],
      /--prompts: must be a text or a file that can be read, got none\.txt/,
    ],
  ])("--%s %j", async (flag, values, message) => {
    const ended = await generate({ [flag]: values, output_dir: ["refused"], json: [] });
    expectFailure(ended, { code: "recipe.invalid", message });
    expect(filesOf(".")).not.toContain("refused");
  });

  it.each([
    ["mixed_precision", ["fp8"], /argument 'fp8' is invalid.*fp16/],
    ["surprise", ["1"], /unknown option '--surprise'/],
    ["seed", [], /argument missing/],
  ])("--%s %j", async (flag, values, message) => {
    const ended = await generate({ output_dir: ["refused"], json: [], [flag]: values });
    expectFailure(ended, { code: "command.invalid", message });
  });

  it.each([["nowhere"], ["constructor"], ["sdxl"]])("--name %s", async (name) => {
    const ended = await generate({ name: [name], json: [] });
    expectFailure(ended, { code: "model.missing", message: /must be a built-in name/ });
  });

  it("an empty file of prompts", async () => {
    write(join(cwd, "empty.lst"), "");
    const ended = await generate({ prompts: ["empty.lst"], json: [] });
    expectFailure(ended, { code: "recipe.invalid", message: /prompt: must be a text, got none/ });
  });
});
