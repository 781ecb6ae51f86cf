// Which method paints a recipe: asked whether it fits the model, then for its part of the plan.
import { invalidRecipe } from "../base/failure.ts";
import type { ModelConfig, ModelFamily } from "../config/model-config.ts";
import type { Method, Recipe } from "../recipe/recipe.ts";
import type { MethodPlan } from "./method-plan.ts";
import { planCascade } from "./plan-cascade.ts";
import type { ExaminePicture } from "./plan-init.ts";

/** Throws `invalidRecipe` where the method and the model do not fit together, and whatever the method's plan throws. */
export function planMethod(
  recipe: Recipe,
  model: ModelConfig,
  examine: ExaminePicture,
): MethodPlan {
  const method = recipe.method ?? "frecas";
  checkFamily(method, model);
  switch (method) {
    case "frecas":
    case "direct":
      return planCascade(recipe, model, examine);
    case "demofusion":
    case "scalecrafter":
      throw invalidRecipe(
        `method: must be one that this version paints, frecas or direct, got ${method}; write method: frecas`,
      );
    default:
      return method satisfies never;
  }
}

function checkFamily(method: Method, { family }: ModelConfig): void {
  if (method === "demofusion" && family !== "sdxl")
    throw invalidRecipe(
      `method: demofusion is for Stable Diffusion XL only, got ${familyNames[family]}; write method: frecas or another model`,
    );
  if (method === "scalecrafter" && family === "sd3")
    throw invalidRecipe(
      `method: scalecrafter changes the convolutions of a UNet, got ${familyNames[family]}, which has none; write method: frecas or another model`,
    );
}

const familyNames: Readonly<Record<ModelFamily, string>> = {
  sd: "a Stable Diffusion 1.x or 2.x",
  sdxl: "a Stable Diffusion XL",
  sd3: "a Stable Diffusion 3",
};
