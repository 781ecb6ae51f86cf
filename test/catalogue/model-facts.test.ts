// What published models are called in a word, from the config files that their publishers ship.
import { expect, it } from "vitest";
import { factsOf } from "../../daemon/catalogue/model-facts.ts";
import * as models from "../plan/plan-inputs.ts";

it.each([
  ["sd15", models.sd15, "sd15", 512],
  ["sd21", models.sd21, "sd21", 512],
  ["sd21v", models.sd21v, "sd21", 768],
  ["sdxl", models.sdxl, "sdxl", 1024],
  ["sd3", models.sd3, "sd3", 1024],
  ["sd35", models.sd35, "sd35", 1024],
  ["the built-in model", models.vista, "sd", 128],
] as const)("%s", (_, config, family, nativePx) => {
  expect(factsOf(config, [])).toEqual({ family, nativePx, precision: null });
});
