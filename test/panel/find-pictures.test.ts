// The pictures of a recipe on the disk: which are its own, and what their files say.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { encodePng } from "../../daemon/image/write-png.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { printRecipe } from "../../daemon/recipe/print-recipe.ts";
import { openPictureFinder } from "../../extension/panel/find-pictures.ts";
import { nothingInside } from "../../extension/panel/kept-inside.ts";
import { readPictureHead } from "../../extension/panel/picture-head.ts";
import { recipeInside } from "../../extension/panel/recipe-inside.ts";
import { recipeOf } from "../plan/plan-inputs.ts";

const root = mkdtempSync(join(tmpdir(), "frecas-pictures-"));
afterAll(() => rmSync(root, { recursive: true }));

interface Painted {
  readonly recipe?: string;
  readonly seed?: number;
  /** Seconds since 1970. */
  readonly at?: number;
}

async function paint(path: string, { recipe, seed = 7, at = 1000 }: Painted): Promise<string> {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  const picture = { width: 3, height: 2, rgb: new Uint8Array(18).map((_, index) => index) };
  const texts =
    recipe === undefined
      ? {}
      : { frecas: recipe, parameters: `a\nSteps: 9, Seed: ${seed}, Size: 3x2` };
  writeFileSync(file, await encodePng(picture, texts));
  utimesSync(file, at, at);
  return file;
}

function run(name: string, paths: readonly string[]): RunRecord {
  const size = { width: 3, height: 2 };
  return {
    id: 1,
    name,
    model: "vista",
    size,
    stages: [{ size, steps: 9 }],
    file: join(root, "r.frecas"),
    submittedMs: 0,
    state: { kind: "done", endedMs: 9, seconds: 1.5, peakBytes: 1 },
    pictures: paths.map((path, image) => ({ prompt: 0, image, path, atMs: 9 })),
    keptStages: [],
  };
}

const place = { file: join(root, "r.frecas"), name: "dawn", names: ["dawn"] };

it("finds what runs have painted and what lies in the recipe's folder, newest first", async () => {
  const older = await paint("results/dawn/00000.00.png", {
    recipe: "name: dawn\nprompt: a\n",
    at: 10,
  });
  const elsewhere = await paint("else/x.png", { at: 30 });
  await paint("results/dawn/other.png", { recipe: "name: dusk\nprompt: a\n", at: 20 });
  await paint("else/foreign.png", { recipe: "name: dusk\nprompt: a\n", at: 20 });
  const compared = await paint("else/c.png", {
    recipe: "name: dawn-compare-1\nprompt: a\n",
    at: 5,
  });
  writeFileSync(join(root, "else/broken.png"), "no picture");
  const gone = join(root, "else/gone.png");
  const found = await openPictureFinder().find(place, [run("dawn", [elsewhere, gone])]);
  expect(found.map(({ path, recipe, runId, seconds }) => [path, recipe, runId, seconds])).toEqual([
    [elsewhere, "dawn", 1, 1.5],
    [older, "dawn", null, null],
    [compared, "dawn-compare-1", null, null],
  ]);
});

it("a recipe's pictures are not those of another one of the file that is called by its name and a number", async () => {
  const file = join(root, "castles/r.frecas");
  const own = await paint("castles/results/castle/a.png", { recipe: "name: castle\n", at: 1 });
  await paint("castles/results/castle/b.png", { recipe: "name: castle-2\n", at: 2 });
  const swept = await paint("castles/results/castle/c.png", { recipe: "name: castle-3\n", at: 3 });
  const elsewhere = await paint("castles/else/d.png", { recipe: "name: castle-2\n", at: 4 });
  const runs = [{ ...run("castle-2", [elsewhere]), file }];
  const find = async (names: readonly string[]) => {
    const found = await openPictureFinder().find({ file, name: "castle", names }, runs);
    return found.map(({ path }) => path);
  };
  expect(await find(["castle", "castle-2"])).toEqual([swept, own]);
  expect(await find(["castle"])).toContain(elsewhere);
});

it("a picture that a run of another file has painted over is told without this recipe's run", async () => {
  const path = await paint("shared/results/dawn/00000.00.png", { recipe: "name: dawn\n" });
  const file = join(root, "shared/a.frecas");
  const own = { ...run("dawn", [path]), file };
  const copy = { ...own, id: 2, file: join(root, "shared/b.frecas") };
  const secondsOf = async (runs: readonly RunRecord[]) => {
    const found = await openPictureFinder().find({ file, name: "dawn", names: ["dawn"] }, runs);
    return found.map(({ seconds, inside }) => [seconds, inside === nothingInside]);
  };
  expect(await secondsOf([own])).toEqual([[1.5, false]]);
  expect(await secondsOf([own, copy])).toEqual([[null, true]]);
});

it("finds a sweep's and a comparison's pictures in their own folders where no run is known", async () => {
  const file = join(root, "sweeps/r.frecas");
  const one = await paint("sweeps/results/castle-1/a.png", { recipe: "name: castle-1\n", at: 3 });
  const change = await paint("sweeps/results/castle-compare-1/a.png", {
    recipe: "name: castle-compare-1\n",
    at: 2,
  });
  const method = await paint("sweeps/results/castle-compare/direct.1.png", {
    recipe: "name: castle\n",
    at: 1,
  });
  const other = await paint("sweeps/results/castle-2/a.png", { recipe: "name: castle-2\n", at: 0 });
  await paint("sweeps/results/moat/a.png", { recipe: "name: moat\n" });
  const find = async (name: string, names: readonly string[]) => {
    const found = await openPictureFinder().find({ file, name, names }, []);
    return found.map(({ path }) => path);
  };
  expect(await find("castle", ["castle", "castle-2"])).toEqual([one, change, method]);
  expect(await find("", ["castle"])).toEqual([one, change, method, other]);
});

it.each(["дом", "été", "ชายหาด", "2026", "no"])(
  "finds the pictures of a recipe called %s",
  async (name) => {
    const printed = printRecipe({ ...recipeOf(), name });
    const painted = await paint(`words/results/${name}/a.png`, { recipe: printed });
    const named = { file: join(root, "words/r.frecas"), name, names: [name] };
    const found = await openPictureFinder().find(named, []);
    expect(found.map(({ path, recipe }) => [path, recipe])).toEqual([[painted, name]]);
  },
);

it("sees that a picture is another one under the same name", async () => {
  const path = await paint("again/results/dawn/a.png", { recipe: "name: dawn\n", seed: 1, at: 10 });
  const finder = openPictureFinder();
  const again = { file: join(root, "again/r.frecas"), name: "dawn", names: ["dawn"] };
  const seeds = async () => (await finder.find(again, [])).map(({ head }) => head.seed);
  expect(await seeds()).toEqual([1]);
  await paint("again/results/dawn/a.png", { recipe: "name: dawn\n", seed: 2, at: 11 });
  expect(await seeds()).toEqual([2]);
  rmSync(path);
  expect(await seeds()).toEqual([]);
});

it("reads a file's size, seed and recipe without its pixels", async () => {
  const recipe = `name: dawn\nprompt: ${"long ".repeat(9000)}\n`;
  const path = await paint("long.png", { recipe, seed: 4_294_967_295 });
  const head = { size: { width: 3, height: 2 }, seed: 4_294_967_295, recipe };
  expect(await readPictureHead(path)).toEqual(head);
  // A file that is cut off in its pixels still says what it is.
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.indexOf("IDAT") + 6));
  expect(await readPictureHead(path)).toEqual(head);
});

it("knows nothing of a file without texts but its size, and nothing at all of other files", async () => {
  const bare = { size: { width: 3, height: 2 }, seed: null, recipe: null };
  expect(await readPictureHead(await paint("bare.png", {}))).toEqual(bare);
  writeFileSync(join(root, "x.jpg"), "JFIF");
  expect(await readPictureHead(join(root, "x.jpg"))).toBeUndefined();
  expect(await readPictureHead(join(root, "none.png"))).toBeUndefined();
});

it("gives the recipe of a picture's bytes, or says why there is none", async () => {
  const recipe = "name: dawn\nprompt: a lake\n";
  const inside = async (path: string) => recipeInside(readFileSync(path), "p.png");
  expect(await inside(await paint("with.png", { recipe }))).toEqual({
    kind: "recipe",
    name: "p.png",
    text: recipe,
  });
  const why = (text: string) => ({ kind: "none", why: expect.stringContaining(text) });
  expect(await inside(await paint("without.png", {}))).toEqual(why("p.png holds no recipe"));
  expect(await inside(join(root, "x.jpg"))).toEqual(why("must be a PNG file"));
});
