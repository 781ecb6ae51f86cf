// A recipe under another method, and what its changes are called.
import { describe, expect, it } from "vitest";
import { describeChange, underMethod } from "../../daemon/planner/compared-recipes.ts";
import { comparedMethods } from "../../daemon/planner/plan-comparison.ts";
import type { Method, Recipe } from "../../daemon/recipe/recipe.ts";
import { recipeOf, square } from "../plan/plan-inputs.ts";

const full = recipeOf({
  negative: "fog",
  guidance: 5,
  seed: 3,
  stages: [
    { size: square(64), steps: 3, until: 300 },
    { size: square(128), steps: 1, until: 0 },
  ],
  gamma: 2,
  frequencyGuidance: { high: 8, low: 3, single: false },
  attentionReuse: 0.4,
  demofusion: { sigma: 1 },
  scalecrafter: { eta: 0 },
});

describe("under another method", () => {
  const own: readonly (keyof Recipe)[] = [
    "gamma",
    "frequencyGuidance",
    "attentionReuse",
    "demofusion",
    "scalecrafter",
  ];
  const kept: Readonly<Record<Method, readonly (keyof Recipe)[]>> = {
    frecas: ["gamma", "frequencyGuidance", "attentionReuse"],
    demofusion: ["demofusion"],
    scalecrafter: ["scalecrafter"],
    direct: [],
  };

  it.each(comparedMethods)("%s has its own keys and what is no method's", (method) => {
    const { demofusion, scalecrafter, ...recipe } = underMethod(full, method, square(128));
    const changed = { ...recipe, demofusion, scalecrafter };
    expect(own.filter((key) => changed[key] !== undefined)).toEqual(kept[method]);
    const { stages, negative, guidance, seed } = full;
    const size = square(128);
    expect(changed).toMatchObject({ method, size, stages, negative, guidance, seed });
  });
});

describe("a change is called", () => {
  function check(changes: Partial<Recipe>, expected: string): void {
    expect(describeChange(full, { ...full, ...changes })).toBe(expected);
  }

  it("by the key and its value", () => check({ guidance: 7 }, "guidance: 7"));

  it("by all keys that are others", () =>
    check({ guidance: 7, method: "direct" }, "guidance: 7, method: direct"));

  it("by the keys that it takes away", () => check({ gamma: undefined }, "no gamma"));

  it("by keys of several lines in one", () =>
    check(
      { stages: [{ size: square(128), steps: 2, until: 0 }] },
      "stages: - { size: 128, steps: 2, until: 0 }",
    ));

  it("by as many letters as can be read", () => {
    check({ negative: "🦉".repeat(80) }, `negative: "${"🦉".repeat(48)}…`);
  });

  it("not by its name, nor by where its pictures go", () =>
    check({ name: "other", output: "/o.png" }, "no change"));
});
