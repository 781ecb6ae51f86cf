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
];

it.each(cases)("%s", (advice, { model, recipe, options, change }) => {
  const before = memoryOf(model, recipe, options);
  expect(before.peak).toBeGreaterThan(options.memoryBytes ?? 0);
  expect(before.advice).toMatch(new RegExp(`^${advice}, which needs about [\\d.]+ GB$`));
  const after = memoryOf(model, { ...recipe, ...change }, options);
  expect(after.peak).toBeLessThanOrEqual(options.memoryBytes ?? 0);
  expect(after.advice).toBeNull();
});

it("where no size would fit, a smaller model is the advice", () => {
  const { advice } = memoryOf(sdxl, {}, { memoryBytes: 4 * gigabyte });
  expect(advice).toMatch(/use a smaller model/);
});
