// Which methods fit which models; a method that does not is refused in a sentence.
import { expect, test } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { Method } from "../../daemon/recipe/recipe.ts";
import { optionsOf, planOf, recipeOf, sd3, sd21, sdxl, vista } from "./plan-inputs.ts";

test.each<readonly [Method, ModelConfig, RegExp]>([
  [
    "demofusion",
    sd21,
    /^method: demofusion is for Stable Diffusion XL only, got vista, which is built as a Stable Diff/,
  ],
  [
    "demofusion",
    sd3,
    /got vista, which is built as a Stable Diffusion 3; write method: frecas or another model$/,
  ],
  [
    "scalecrafter",
    sd3,
    /^method: scalecrafter changes the convolutions of a UNet, got vista, which is built as a Stable Diffusion 3 and has none;/,
  ],
])("%s is refused where it does not fit", (method, model, message) => {
  const plan = () => makePlan(recipeOf({ method }), model, optionsOf());
  expect(plan).toThrow(Failure);
  expect(plan).toThrow(message);
});

test("scalecrafter fits every model with a UNet", () => {
  for (const model of [vista, sd21, sdxl])
    expect(planOf({ method: "scalecrafter" }, model).method).toBe("scalecrafter");
});

test.each(["frecas", "direct"] as const)("%s fits every model", (method) => {
  for (const model of [vista, sd21, sdxl, sd3])
    expect(planOf({ method }, model).method).toBe(method);
});
