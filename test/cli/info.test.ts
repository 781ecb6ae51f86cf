// `frecas info`: the recipe in a picture paints the same pixels again, and what is no picture is said to be none.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodePng } from "../../daemon/image/read-png.ts";
import { encodePng } from "../../daemon/image/write-png.ts";
import {
  type Ended,
  expectFailure,
  frecas,
  goldenModel,
  openWorkplace,
  tinyRecipe,
  write,
} from "./frecas.ts";

const cwd = openWorkplace();
const here = (...args: readonly string[]): Promise<Ended> => frecas(args, { cwd });
const pixels = (name: string): string => {
  const path = join(cwd, name);
  return Buffer.from(decodePng(readFileSync(path), path).rgb).toString("hex");
};

beforeAll(async () => {
  write(
    join(cwd, "tiny.frecas"),
    tinyRecipe("seed: random\noutput: first.png\nnegative: 'rain: # of\\n'"),
  );
  expect((await here("run", "tiny.frecas")).code).toBe(0);
});

describe("the recipe in a picture", () => {
  it("is printed, and paints the same pixels when it is run", async () => {
    const { code, out } = await here("info", "first.png");
    expect(code).toBe(0);
    expect(out).not.toContain("random");
    write(join(cwd, "again.frecas"), out);
    const again = await here("run", "again.frecas", "--set", "output=second.png");
    expect(again).toMatchObject({ code: 0, out: `${join(cwd, "second.png")}\n` });
    expect(pixels("second.png")).toBe(pixels("first.png"));
  });

  it("makes the plan of the recipe that painted it", async () => {
    const text = `name: fixed\n${tinyRecipe("images: 2")}`;
    write(join(cwd, "fixed.frecas"), text);
    expect((await here("run", "fixed.frecas")).code).toBe(0);
    write(join(cwd, "out.frecas"), (await here("info", "results/fixed/00000.01.png")).out);
    const [original, embedded] = await Promise.all([
      here("plan", "fixed.frecas", "--json"),
      here("plan", "out.frecas", "--json"),
    ]);
    expect(original.code).toBe(0);
    expect(embedded).toEqual(original);
  });

  it("is given with the settings for other tools by --json", async () => {
    const { code, out } = await here("info", "first.png", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      recipe: expect.stringContaining("prompt: a lake"),
      parameters: expect.stringMatching(/^a lake\n.*Steps: 3/s),
    });
  });

  it("of generate paints the same pixels too", async () => {
    const flags = [
      "--tsize",
      "[[64,72],[72,80]]",
      "--msp_endtimes",
      "200",
      "0",
      "--msp_steps",
      "2",
      "1",
    ];
    const all = ["--name", goldenModel, "--prompts", "a mill", "--output_dir", "gen", ...flags];
    expect((await here("generate", ...all)).code).toBe(0);
    const { out } = await here("info", "gen/00000.00.png");
    write(join(cwd, "gen.frecas"), out);
    const again = await here("run", "gen.frecas", "--set", "output=gen-again.png");
    expect(again.code).toBe(0);
    expect(pixels("gen-again.png")).toBe(pixels("gen/00000.00.png"));
  });

  it("is not there with metadata: off", async () => {
    write(join(cwd, "off.frecas"), tinyRecipe("metadata: off\noutput: off.png"));
    expect((await here("run", "off.frecas")).code).toBe(0);
    expectFailure(await here("info", "off.png", "--json"), {
      code: "picture.input",
      message: /off\.png: must hold a recipe or parameters, got neither/,
    });
  });
});

it("the same plan paints the same file twice, byte for byte", async () => {
  write(join(cwd, "twice.frecas"), tinyRecipe("output: twice.png"));
  const files: Buffer[] = [];
  for (const _ of [1, 2]) {
    expect((await here("run", "twice.frecas")).code).toBe(0);
    files.push(readFileSync(join(cwd, "twice.png")));
  }
  expect(files[0]?.equals(files[1] ?? Buffer.alloc(0))).toBe(true);
});

describe("a file without a recipe", () => {
  const files: readonly [string, () => Promise<Uint8Array>, RegExp][] = [
    [
      "plain.png",
      () => encodePng({ width: 1, height: 1, rgb: new Uint8Array([1, 2, 3]) }, {}),
      /must hold a recipe or parameters/,
    ],
    ["photo.jpg", async () => Buffer.from("ffd8ffe000104a464946", "hex"), /must be a PNG file/],
    [
      "noise.png",
      async () => Buffer.from("\u0089PNG, or so it says", "latin1"),
      /must be a PNG file/,
    ],
    ["empty.png", async () => new Uint8Array(), /must be a PNG file/],
    [
      "cut.png",
      async () => readFileSync(join(cwd, "first.png")).subarray(0, 60),
      /must be a whole PNG file/,
    ],
  ];
  it.each(files)("%s", async (name, bytes, message) => {
    write(join(cwd, name), await bytes());
    expectFailure(await here("info", name, "--json"), { code: "picture.input", message });
  });

  it.each([
    ["none.png", /none\.png: must be a file that can be read/],
    [".", /must be a file that can be read/],
  ])("%s", async (name, message) =>
    expectFailure(await here("info", name, "--json"), { code: "picture.input", message }),
  );
});
