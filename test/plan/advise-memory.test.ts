// A plan that does not fit says what to change, and with that change it fits.
import { expect, it } from "vitest";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan, type PlanOptions } from "../../daemon/plan/make-plan.ts";
import type { PlannedMemory } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, recipeOf, sdxl, square, vista } from "./plan-inputs.ts";

const gigabyte = 2 ** 30;

const memoryOf = (
  model: ModelConfig,
  recipe: Partial<Recipe>,
  options: Partial<PlanOptions>,
): PlannedMemory => makePlan(recipeOf(recipe), model, optionsOf(options)).plan.memory;

interface Case {
  readonly model: ModelConfig;
  readonly recipe: Partial<Recipe>;
  readonly options: Partial<PlanOptions>;
  /** What the advice says to write. */
  readonly change: Partial<Recipe>;
}

const endingAt = (side: number): Recipe["stages"] => [
  { size: square(1024), steps: 4, until: 200 },
  { size: square(side), steps: 2, until: 0 },
];

const cases: readonly (readonly [string, Case])[] = [
  [
    "write tiling: on",
    {
      model: vista,
      recipe: { size: square(1024), tiling: "off" },
      options: { memoryBytes: 0.55 * gigabyte },
      change: { tiling: "on" },
    },
  ],
  [
    "write precision: fp16",
    {
      model: sdxl,
      recipe: { size: square(1024), precision: "fp32" },
      options: { memoryBytes: 9 * gigabyte, provider: "webgpu" },
      change: { precision: "fp16" },
    },
  ],
  [
    "write images: 1",
    {
      model: sdxl,
      recipe: { size: square(1024), images: 8 },
      options: { memoryBytes: 15 * gigabyte },
      change: { images: 1 },
    },
  ],
  [
    "write size: 3072x3072",
    {
      model: sdxl,
      recipe: { size: square(4096) },
      options: { memoryBytes: 20 * gigabyte },
      change: { size: square(3072) },
    },
  ],
  [
    "write size: 3072x3072 and tiling: on",
    {
      model: sdxl,
      recipe: { size: square(4096), tiling: "off" },
      options: { memoryBytes: 20 * gigabyte },
      change: { size: square(3072), tiling: "on" },
    },
  ],
  [
    "write size: 2048x2048",
    {
      model: sdxl,
      recipe: { size: square(4096), tiling: "off" },
      options: { memoryBytes: 14 * gigabyte },
      change: { size: square(2048) },
    },
  ],
  [
    "write size: 3072x3072 in the last stage",
    {
      model: sdxl,
      recipe: { stages: endingAt(4096) },
      options: { memoryBytes: 20 * gigabyte },
      change: { stages: endingAt(3072) },
    },
  ],
  [
    "write size: 3072x3072, in the last stage too",
    {
      model: sdxl,
      recipe: { size: square(4096), stages: endingAt(4096) },
      options: { memoryBytes: 20 * gigabyte },
      change: { size: square(3072), stages: endingAt(3072) },
    },
  ],
  [
    "write size: 2560x2560",
    {
      model: sdxl,
      recipe: { method: "scalecrafter", size: square(4096) },
      options: { memoryBytes: 20 * gigabyte },
      change: { size: square(2560) },
    },
  ],
  [
    "write size: 3072x3072",
    {
      model: sdxl,
      recipe: {
        method: "scalecrafter",
        size: square(4096),
        scalecrafter: { table: square(4096) },
      },
      options: { memoryBytes: 20 * gigabyte },
      change: { size: square(3072) },
    },
  ],
];

it.each(cases)("%s", (advice, { model, recipe, options, change }) => {
  const before = memoryOf(model, recipe, options);
  expect(before.peak).toBeGreaterThan(options.memoryBytes ?? 0);
  expect(before.advice).toMatch(new RegExp(`^${advice}, which needs about [\\d.]+ GB$`));
  const after = memoryOf(model, { ...recipe, ...change }, options);
  expect(after.peak).toBeLessThanOrEqual(options.memoryBytes ?? 0);
  expect(after.advice).toBeNull();
});

it("a size that the recipe's other stages leave no room for is no advice", () => {
  const stages = (endingAt(2048) ?? []).map((stage) => ({ ...stage, until: 200 }));
  const last = { size: square(4096), steps: 2, until: 0 };
  const at = (memoryGigabytes: number) =>
    memoryOf(sdxl, { stages: [...stages, last] }, { memoryBytes: memoryGigabytes * gigabyte });
  expect(at(20).advice).toMatch(/^write size: 3072x3072 in the last stage, /);
  expect(at(14).advice).toMatch(/^close other programs/);
});

it("where no size would fit, a smaller model is the advice", () => {
  const { advice } = memoryOf(sdxl, {}, { memoryBytes: 4 * gigabyte });
  expect(advice).toMatch(/use a smaller model/);
});
