// Which method paints a recipe: asked whether it fits the model, then for its part of the plan.
import { type Failure, invalidRecipe } from "../base/failure.ts";
import type { Provider } from "../base/provider.ts";
import type { ModelConfig, ModelFamily } from "../config/model-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { MethodPlan } from "./method-plan.ts";
import { planCascade } from "./plan-cascade.ts";
import { planDemofusion } from "./plan-demofusion.ts";
import type { ExaminePicture } from "./plan-init.ts";
import { planScalecrafter } from "./plan-scalecrafter.ts";

export interface MethodOptions {
  /** What the recipe called the model. */
  readonly modelName: string;
  readonly provider: Provider;
  /** For `init`. */
  readonly examinePicture: ExaminePicture;
}

/** Throws `invalidRecipe` where the method and the model do not fit together, and whatever the method's plan throws. */
export function planMethod(
  recipe: Recipe,
  model: ModelConfig,
  { modelName, provider, examinePicture }: MethodOptions,
): MethodPlan {
  const method = recipe.method ?? "frecas";
  switch (method) {
    case "frecas":
    case "direct":
      return planCascade(recipe, model, examinePicture);
    case "demofusion":
      if (model.family !== "sdxl") throw forXlOnly(modelName, model.family);
      return planDemofusion(recipe, model, provider);
    case "scalecrafter":
      if (model.family === "sd3") throw forUNetsOnly(modelName, model.family);
      return planScalecrafter(recipe, model);
    default:
      return method satisfies never;
  }
}

const forXlOnly = (name: string, family: ModelFamily): Failure =>
  invalidRecipe(
    `method: demofusion is for Stable Diffusion XL only, got ${name}, which is built as ${familyNames[family]}; write method: frecas or another model`,
  );

const forUNetsOnly = (name: string, family: ModelFamily): Failure =>
  invalidRecipe(
    `method: scalecrafter changes the convolutions of a UNet, got ${name}, which is built as ${familyNames[family]} and has none; write method: frecas or another model`,
  );

const familyNames: Readonly<Record<ModelFamily, string>> = {
  sd: "a Stable Diffusion 1.x or 2.x",
  sdxl: "a Stable Diffusion XL",
  sd3: "a Stable Diffusion 3",
};
