// FILE#name: a document with all that its sweep makes of it, one recipe by the name that plan prints, and --set for it.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Ended, expectFailure, frecas, openWorkplace, tinyRecipe, write } from "./frecas.ts";

const cwd = openWorkplace();
const here = (...args: readonly string[]): Promise<Ended> => frecas(args, { cwd });

beforeAll(() => {
  const sweep = "sweep: { seed: [3, 4] }\ncompare: [{ guidance: 2 }, { guidance: 3 }]\n";
  const last = "---\nname: last\nextends: sw\nsweep: { guidance: [5] }\nimages: 2\n";
  write(join(cwd, "f.frecas"), `name: sw\n${tinyRecipe(sweep)}${last}---\nextends: last\n`);
  write(join(cwd, "one.frecas"), tinyRecipe());
});

const swept = ["sw-1", "sw-1-compare-1", "sw-1-compare-2"];

describe("plan", () => {
  const check = async (name: string, expected: readonly string[]): Promise<void> => {
    const { code, out } = await here("plan", `f.frecas#${name}`, "--json");
    const plans = out.trimEnd().split("\n");
    expect({ code, names: plans.map((line) => JSON.parse(line).name) }).toEqual({
      code: 0,
      names: expected,
    });
  };
  it.each([
    ["sw", [...swept, ...swept.map((name) => name.replace("1", "2"))]],
    ["sw-1", swept],
    ["sw-2-compare-1", ["sw-2-compare-1"]],
    ["last-1-compare-2", ["last-1-compare-2"]],
  ])("#%s", check);

  it.each([
    ["sw-3", /called sw-3, got sw-1, sw-1-compare-1, .*sw-2-compare-2; use one of these names/],
    ["sw-compare-1", /called sw-compare-1, got sw-1, /],
    ["switch", /called switch, got sw, last, f; use one of these names/],
  ])("not #%s", async (name, message) =>
    expectFailure(await here("plan", `f.frecas#${name}`), { code: "recipe.invalid", message }),
  );
});

it("run of a comparison's name paints this comparison only", async () => {
  const { code, out } = await here("run", "f.frecas#sw-1-compare-2");
  expect({ code, out }).toEqual({
    code: 0,
    out: `${join(cwd, "results/sw-1-compare-2/00000.00.png")}\n`,
  });
});

describe("--set name", () => {
  it.each([
    ["f.frecas#last-1-compare-1", "x-1-compare-1"],
    ["one.frecas", "x"],
    ["one.frecas#one", "x"],
  ])("names the one recipe of %s %s", async (target, name) => {
    const { code, err, out } = await here("run", target, "--set", "name=x", "--set", "images=1");
    expect({ code, err: err.match(/error/), out }).toEqual({
      code: 0,
      err: null,
      out: `${join(cwd, `results/${name}/00000.00.png`)}\n`,
    });
  });

  it("is refused for several recipes, in one sentence", async () => {
    const ended = await here("run", "f.frecas", "--set", "name=x");
    const message =
      /^--set name: must be meant for one recipe, got a file of 3; write f\.frecas#sw for/;
    expectFailure(ended, { code: "recipe.invalid", message });
    expect(ended.err.trimEnd().split("\n")).toHaveLength(1);
  });
});
