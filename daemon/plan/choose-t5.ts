// Whether T5, the third text encoder of Stable Diffusion 3, reads the texts of a run.

import { invalidRecipe } from "../base/failure.ts";
import { showMemory } from "../base/show-memory.ts";
import { type ModelConfig, withoutT5 } from "../config/model-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { countParameters } from "./cost/count-parameters.ts";
import type { NetworkLayers } from "./cost/network-layers.ts";

/**
 * The model as the run uses it: without its T5 where the recipe leaves it out, or the published code would. Throws
 * `invalidRecipe` where the recipe wants one that is not there.
 */
export function chooseT5({ t5: asked = "auto", variant }: Recipe, model: ModelConfig): ModelConfig {
  if (asked === "on" && !hasT5(model))
    throw invalidRecipe(
      "t5: must be auto or off for a model that holds no T5 (text_encoder_3), got on; write auto, or use a model that holds it",
    );
  const isOut = asked === "off" || (asked === "auto" && variant === "published");
  return isOut ? withoutT5(model) : model;
}

/** Whether a T5 reads the texts. */
export const hasT5 = (model: ModelConfig): boolean =>
  model.family === "sd3" && model.thirdText !== null;

/** What became of `t5`; undefined for families that know no T5. */
export function t5Setting(model: ModelConfig): "on" | "off" | undefined {
  if (model.family !== "sd3") return undefined;
  return hasT5(model) ? "on" : "off";
}

/** T5's weights stay in their files and are read anew for each text where memory has no room for them. */
export function warnOfT5Memory(
  { t5 }: Pick<NetworkLayers, "t5">,
  memoryBytes: number,
): readonly string[] {
  const bytes = countParameters(t5) * 2;
  if (bytes <= memoryBytes) return [];
  return [
    `t5: should have room for its weights of ${showMemory(bytes)} in float16, got ${showMemory(memoryBytes)} of memory available, so that each text waits for the disk; write t5: off to paint without it`,
  ];
}
