// frecas compare: pictures, contact sheet, table and JSON of one recipe under methods or changes.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodePicture } from "../../daemon/image/read-picture.ts";
import { openDaemonHome } from "../daemon/daemon-home.ts";
import { type Ended, expectFailure, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";

const cwd = openWorkplace();
const here = (...args: readonly string[]): Promise<Ended> =>
  frecas([...args, "--no-daemon"], { cwd });
const read = (path: string): string => readFileSync(join(cwd, path), "utf8");

beforeAll(() => {
  write(join(cwd, "tiny.frecas"), `name: tiny\nseed: 3\n${tinyRecipe()}`);
  write(join(cwd, "two.frecas"), `name: one\n${tinyRecipe()}---\nname: other\n${tinyRecipe()}`);
  write(
    join(cwd, "changes.frecas"),
    `name: tiny\n${tinyRecipe("seed: random\ncompare: [{ method: direct }, { gamma: 1 }, { method: demofusion }]")}`,
  );
  write(
    join(cwd, "vista.frecas"),
    `name: vista\nprompt: desert dunes at night with the moon
stages: [{ size: 128, steps: 3, until: 300 }, { size: 192, steps: 1 }]\n`,
  );
});

const present = (folder: string): readonly string[] => readdirSync(join(cwd, folder)).sort();

describe("compare by methods", () => {
  it("paints each, and writes sheet, table and JSON beside the pictures", async () => {
    const { code, out, err } = await here(
      "compare",
      "tiny.frecas",
      "--methods",
      "frecas,direct,demofusion",
    );
    expect({ code, err }).toMatchObject({ code: 0 });
    const folder = "results/tiny-compare";
    expect(present(folder)).toEqual([
      "comparison.json",
      "comparison.md",
      "contact-sheet.png",
      "direct.png",
      "frecas.png",
    ]);
    const data = JSON.parse(read(`${folder}/comparison.json`));
    expect(data).toMatchObject({
      version: 2,
      seed: 3,
      baseline: "frecas",
      memory: "own",
      small: null,
    });
    expect(data.leftOut).toEqual([
      { label: "demofusion", why: expect.stringMatching(/Stable Diffusion XL only/) },
    ]);
    const [frecasRow, direct] = data.compared;
    expect(frecasRow).toMatchObject({
      label: "frecas",
      costRatio: 1,
      pictures: ["frecas.png"],
      networkCalls: 3,
    });
    expect(direct).toMatchObject({
      label: "direct",
      networkCalls: 3,
      size: { width: 72, height: 72 },
      painted: { steps: [3], guidance: 3, negative: expect.stringMatching(/^blurry, /) },
    });
    expect(frecasRow.painted).toEqual({ ...direct.painted, steps: [2, 1] });
    expect(direct.costRatio).toBeCloseTo(direct.networkFlops / frecasRow.networkFlops, 12);
    expect(Object.keys(direct.measures)).toEqual(["spectrumSlope"]);
    const markdown = read(`${folder}/comparison.md`);
    expect(markdown).toContain("(contact-sheet.png)");
    expect(markdown).toContain("|  | frecas | direct |");
    expect(markdown).toContain("\n| size | 72×72 | 72×72 |\n");
    for (const title of ["size", "TFLOP", "seconds", "peak memory", "spectrum slope"])
      expect(markdown).toContain(`- **${title}**: `);
    expect(out).toMatch(/^ +frecas +direct\n(.+\n)+size +72×72 +72×72$/m);
    const leftOut = `${out}${err}`.match(/^.*left out.*$/gm);
    expect(leftOut).toEqual([
      expect.stringMatching(/^demofusion is left out: .+ got \S+, which is built as .+ 2\.x$/),
    ]);
    const sheet = decodePicture(readFileSync(join(cwd, folder, "contact-sheet.png")), "sheet");
    expect(sheet.width).toBe(2 * 24 + 2 * 384 + 20);
  });
});

it("compare paints by the daemon where one is up, and says that its engine's memory is not a run's own", async () => {
  const { folder, env, connect } = openDaemonHome();
  write(join(folder, "tiny.frecas"), `name: tiny\nseed: 3\n${tinyRecipe()}`);
  await frecas(["submit", "tiny.frecas"], { cwd: folder, env });
  const { code, err } = await frecas(["compare", "tiny.frecas", "--methods", "frecas,direct"], {
    cwd: folder,
    env,
  });
  expect({ code, err }).toMatchObject({ code: 0 });
  const daemon = await connect();
  const { runs } = await daemon.ask("list", {});
  daemon.dispose();
  expect(runs.map(({ name, state }) => [name, state.kind])).toEqual([
    ["tiny", "done"],
    ["tiny-frecas", "done"],
    ["tiny-direct", "done"],
  ]);
  const compared = join(folder, "results/tiny-compare");
  expect(readdirSync(compared)).toContain("contact-sheet.png");
  expect(readFileSync(join(compared, "comparison.md"), "utf8")).toMatch(/so far/);
  const painted = ["frecas.png", "direct.png"].map((name) => readFileSync(join(compared, name)));
  const alone = ["frecas.png", "direct.png"].map((name) =>
    readFileSync(join(cwd, "results/tiny-compare", name)),
  );
  expect(painted.map((bytes, index) => bytes.equals(alone[index] as Buffer))).toEqual([true, true]);
});

describe("compare --metrics", () => {
  it("of another model measures agreement with the first stage alone", async () => {
    const { code, out } = await here(
      "compare",
      "tiny.frecas",
      "--methods",
      "frecas,direct",
      "--metrics",
      "--json",
      "--output",
      "m",
    );
    expect(code).toBe(0);
    const last = JSON.parse(out.trimEnd().split("\n").at(-1) as string);
    expect(last).toMatchObject({ kind: "comparison", folder: join(cwd, "m"), small: null });
    expect(last.compared[0].measures).toEqual({
      spectrumSlope: expect.any(Number),
      agreementDb: expect.any(Number),
    });
    expect(last.compared[1].measures.agreementDb).toBe(null);
  });

  it("of the built-in model measures against its small picture too", async () => {
    const { code } = await here(
      "compare",
      "vista.frecas",
      "--methods",
      "frecas",
      "--metrics",
      "--output",
      "v",
    );
    expect(code).toBe(0);
    const data = JSON.parse(read("v/comparison.json"));
    expect(data.small).toEqual({
      size: { width: 128, height: 128 },
      pictures: ["small.png"],
      measures: { spectrumSlope: expect.any(Number), discs: expect.any(Number) },
    });
    expect(existsSync(join(cwd, "v/small.png"))).toBe(true);
    expect(data.compared[0].small).toEqual(["small.png"]);
    const { measures } = data.compared[0];
    expect(Object.keys(measures)).toEqual([
      "spectrumSlope",
      "agreementDb",
      "colourDistance",
      "spectrumDistanceDb",
      "layoutDistance",
      "discs",
    ]);
  });
});

it("compare by changes paints the recipe as written and each change with one seed", async () => {
  const { code, err } = await here("compare", "changes.frecas", "--output", "c");
  expect({ code, err }).toMatchObject({ code: 0 });
  const data = JSON.parse(read("c/comparison.json"));
  const labels = data.compared.map(({ label }: { readonly label: string }) => label);
  expect(data.leftOut).toMatchObject([{ label: "method: demofusion" }]);
  expect(labels).toEqual(["as written", "method: direct", "gamma: 1"]);
  const seeds = await Promise.all(
    ["as-written", "change-1", "change-2"].map(
      async (file) => (await frecas(["info", `c/${file}.png`], { cwd })).out,
    ),
  );
  for (const recipe of seeds) expect(recipe).toContain(`seed: ${data.seed}\n`);
});

describe("compare refuses", () => {
  it.each([
    [
      "several recipes",
      ["two.frecas"],
      "recipe.invalid",
      /must name one recipe, got 2, one, other; write two\.frecas#one/,
    ],
    [
      "an unknown method",
      ["tiny.frecas", "--methods", "frecas,best"],
      "command.invalid",
      /"best" is none of frecas/,
    ],
    [
      "methods of which none fits",
      ["tiny.frecas", "--methods", "demofusion"],
      "recipe.invalid",
      /Stable Diffusion XL only/,
    ],
  ] as const)("%s", async (_, args, code, message) => {
    expectFailure(await here("compare", ...args), { code, message });
  });
});
