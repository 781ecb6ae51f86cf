// What a comparison paints, of recipes as people write them, planned for the model that is in the checkout and for small ones.
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { machineOf } from "../../daemon/planner/machine.ts";
import { type ComparisonRequest, planComparison } from "../../daemon/planner/plan-comparison.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";

const root = join(import.meta.dirname, "../..");
const machine = machineOf(root, { env: {}, cwd: root, platform: process.platform });

function recipeOf(text: string): Recipe {
  const { recipes, problems } = parseRecipes(text, "/r/dawn.frecas", () => undefined);
  const [recipe] = recipes;
  if (recipe === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return recipe;
}

async function planned(text: string, changes: Partial<ComparisonRequest> = {}) {
  const warnings: string[] = [];
  const request = {
    methods: undefined,
    areNamed: false,
    measures: false,
    folder: "/r",
    output: "/r/out",
    ...changes,
  };
  const plans = await planComparison(recipeOf(text), request, {
    ...machine,
    availableBytes: () => 2 ** 40,
    warn: (warning) => warnings.push(warning),
  });
  return { ...plans, warnings };
}

const goldens = join(root, "test/goldens/models");
const stages = "stages: [{ size: 128, steps: 3, until: 300 }, { size: 256, steps: 1 }]";
const dawn = `prompt: a lake\n${stages}\n`;

describe("pictures", () => {
  /** The names of each row's pictures. */
  async function check(text: string, expected: readonly (readonly string[])[]): Promise<void> {
    const { planned: rows, leftOut } = await planned(text);
    expect(leftOut).toEqual([]);
    const names = rows.map(({ plan }) =>
      plan.prompts.flatMap(({ outputs }) => outputs.map((path) => basename(path))),
    );
    expect(names).toEqual(expected);
  }

  it("of a change that paints more of them are counted", () =>
    check(`${dawn}compare: [{ images: 2 }, { prompt: [a lake, a hill] }]\n`, [
      ["as-written.png"],
      ["change-1.00000.00.png", "change-1.00000.01.png"],
      ["change-2.00000.00.png", "change-2.00001.00.png"],
    ]));

  it("of a change that paints one are called after it alone", () =>
    check(`${dawn}images: 2\ncompare: [{ images: 1 }]\n`, [
      ["as-written.00000.00.png", "as-written.00000.01.png"],
      ["change-1.png"],
    ]));
});

describe("a recipe that enlarges a picture", () => {
  const image = join(root, "docs/pictures/small.jpg");
  const enlarges = `prompt: a lake\nsize: 512\ninit: { image: ${image} }\n`;

  it("is compared with no method that would paint another scene, nor measured against one", async () => {
    const { planned: rows, leftOut } = await planned(enlarges, { measures: true });
    expect(rows.map(({ label }) => label)).toEqual(["frecas"]);
    expect(leftOut).toEqual(
      ["demofusion", "scalecrafter", "direct"].map((label) => ({
        label,
        why: `init: needs method: frecas, which alone enlarges a given picture, got method: ${label}; remove init to compare it`,
      })),
    );
    expect(rows.map(({ small }) => small)).toEqual([null]);
  });

  it("is compared with its changes, but for those of the method", async () => {
    const { planned: rows, leftOut } = await planned(
      `${enlarges}compare: [{ gamma: 1 }, { method: direct }]\n`,
    );
    expect(rows.map(({ label }) => label)).toEqual(["as written", "gamma: 1"]);
    expect(leftOut.map(({ label }) => label)).toEqual(["method: direct"]);
  });
});

describe("a method that takes steps of its own", () => {
  const small = "stages: [{ size: 64, steps: 3, until: 300 }, { size: 128, steps: 1 }]";

  /** Each row's label and steps, then the warnings. */
  async function check(text: string, expected: readonly unknown[]): Promise<void> {
    const { planned: rows, warnings } = await planned(text, { areNamed: true });
    const steps = rows.map(({ label, plan }) =>
      [label, ...plan.stages.map((stage) => stage.steps.length)].join(" "),
    );
    expect([...steps, ...warnings]).toEqual(expected);
  }

  it("is compared with a warning where the recipe says steps", () =>
    check(`model: ${goldens}/sdxl\nprompt: a lake\n${small}\n`, [
      "frecas 3 1",
      "demofusion 50 50",
      "scalecrafter 50",
      "direct 4",
      "dawn-demofusion: stages: says the size alone for method: demofusion, which takes its own 50 steps in each of 2 phases, got 3 + 1; write demofusion: { steps: … } for another number",
      "dawn-scalecrafter: stages: says the size alone for method: scalecrafter, which takes its own 50 steps, got 3 + 1; write scalecrafter: { steps: … } for another number",
    ]));

  it("is compared without one where its steps are written", () =>
    check(
      `model: ${goldens}/sdxl\nprompt: a lake\n${small}\ndemofusion: { steps: 2 }\nscalecrafter: { steps: 4 }\n`,
      ["frecas 3 1", "demofusion 2 2", "scalecrafter 4", "direct 4"],
    ));

  it("is compared without one where the recipe says no steps either", () =>
    check("prompt: a lake\nsize: 256\n", ["frecas 30 12", "scalecrafter 50", "direct 42"]));

  it("is a change with the same warning", () =>
    check(`${dawn}compare: [{ method: scalecrafter }]\n`, [
      "as written 3 1",
      "method: scalecrafter 50",
      expect.stringMatching(/^dawn-compare-1: stages: says the size alone/),
    ]));
});

describe("a row is measured against", () => {
  /** Each row's label, and its small picture with what it is painted of. */
  async function check(text: string, expected: readonly string[]): Promise<void> {
    const { planned: rows } = await planned(text, { measures: true });
    const shown = rows.map(({ label, small }) => {
      if (small === null) return `${label} –`;
      const { stages: all, prompts, guidance, method } = small;
      const sizes = all.map(({ size, steps }) => `${size.width} in ${steps.length}`);
      const pictures = prompts.map(({ text: said, seed, outputs }) => {
        return `${outputs.map((path) => basename(path))} ${said} ${seed}`;
      });
      return `${label} | ${[method, ...sizes, ...pictures, guidance].join(" ")}`;
    });
    expect(shown).toEqual(expected);
  }

  it("one picture with all methods", () =>
    check(dawn, [
      "frecas | direct 128 in 50 small.png a lake 1 3",
      "scalecrafter | direct 128 in 50 small.png a lake 1 3",
      "direct | direct 128 in 50 small.png a lake 1 3",
    ]));

  it("the picture of its own prompt, seed and guidance, which rows share where nothing of that is another", () =>
    check(
      `${dawn}compare: [{ prompt: a hill }, { gamma: 1 }, { seed: 9 }, { guidance: 5 }, { method: direct }]\n`,
      [
        "as written | direct 128 in 50 small.png a lake 1 3",
        "prompt: a hill | direct 128 in 50 small-2.png a hill 1 3",
        "gamma: 1 | direct 128 in 50 small.png a lake 1 3",
        "seed: 9 | direct 128 in 50 small-3.png a lake 9 3",
        "guidance: 5 | direct 128 in 50 small-4.png a lake 1 5",
        "method: direct | direct 128 in 50 small.png a lake 1 3",
      ],
    ));

  it("none where its model is not the built-in one", () =>
    check(`prompt: a lake\nsize: 256\ncompare: [{ model: ${goldens}/sd15 }]\n`, [
      "as written | direct 128 in 50 small.png a lake 1 3",
      expect.stringMatching(/^model: .* –$/),
    ]));

  it("none of another aspect", () =>
    check("prompt: a lake\nsize: 256\ncompare: [{ size: 256x512 }, { size: 512 }]\n", [
      "as written | direct 128 in 50 small.png a lake 1 3",
      "size: 256x512 –",
      "size: 512 | direct 128 in 50 small.png a lake 1 3",
    ]));
});
