// The recipe inside a picture: everything is written out, and it plans the same run again.
import { expect, test } from "vitest";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, recipeOf, sd3, sd3t5, sd21, sdxl, square, vista } from "./plan-inputs.ts";

/** Plans a recipe, then the recipe that its picture would hold, without any of today's presets. */
function check(changes: Partial<Recipe>, model: ModelConfig): void {
  const options = optionsOf();
  const { plan } = makePlan(recipeOf(changes), model, options);
  const { recipes, problems } = parseRecipes(plan.recipe ?? "", "/a/b.frecas", () => undefined);
  expect(problems).toEqual([]);
  const [recipe] = recipes;
  const again = makePlan(recipe as Recipe, model, { ...options, seedForRandom: 99 }).plan;
  expect(withoutRecipe(again)).toEqual(withoutRecipe(plan));
  expect(again.recipe).toBe(plan.recipe);
}

const withoutRecipe = ({ recipe, ...plan }: Plan): Omit<Plan, "recipe"> => plan;

test.each([
  ["a cascade from a preset", {}, vista],
  ["a random seed", { seed: "random" }, vista],
  ["two prompts and three images", { prompts: ["a lake", "a forest"], images: 3 }, vista],
  ["one stage", { size: square(128) }, vista],
  ["direct sampling", { method: "direct" }, vista],
  ["no guidance", { guidance: 1 }, vista],
  ["tiles", { tiling: "on", size: square(1024) }, vista],
  ["the published variant", { variant: "published", size: square(1024) }, sd21],
  ["another kind of schedule", {}, sd3],
  ["a T5", {}, sd3t5],
  ["a T5 left out", { t5: "off" }, sd3t5],
  ["another method", { method: "scalecrafter" }, vista],
  ["zeros in place of a negative", { method: "scalecrafter", size: square(4096) }, sdxl],
  [
    "another method's settings",
    {
      method: "scalecrafter",
      size: square(1536),
      scalecrafter: { table: square(2048), steps: 20, inflateTau: 3, eta: 0.5, progressive: "off" },
    },
    sd21,
  ],
  [
    "the published variant with one weight",
    { variant: "published", frequencyGuidance: { high: 9, low: 9, single: true } },
    sd21,
  ],
] as const)("%s is planned again from its picture", (_, changes, model) => check(changes, model));

test("where the picture went stays out of it", () => {
  const { plan } = makePlan(recipeOf({ output: "/home/me/{name}.png" }), vista, optionsOf());
  expect(plan.prompts[0]?.outputs).toEqual(["/home/me/dawn.png"]);
  expect(plan.recipe).not.toMatch(/output|home/);
});
