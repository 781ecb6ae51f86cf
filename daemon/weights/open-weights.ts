// The weights of one network of a model, whatever the model lies in: a folder in diffusers format or a single file.
import { partialCheckpoint } from "../base/failure.ts";
import { isSingleFile } from "../base/single-file.ts";
import { type Component, findWeightFiles, findWeights } from "./find-weights.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import type { Weights } from "./weight-scope.ts";

/** Of a folder, those in full precision where it has both. Throws what `findWeights` and `openCheckpoint` throw. */
export function openWeights(model: string, component: Component): Weights {
  const weights = isSingleFile(model)
    ? openCheckpoint(model).networks.get(component)
    : findWeights(model, component, "fp32");
  if (weights === undefined) throw partialCheckpoint(model, component, "none");
  return component === "text_encoder_3" ? { ...weights, without: "t5: off" } : weights;
}

/** The files that `openWeights` takes them from, by their names in the model. Throws what `findWeightFiles` throws. */
export function weightFiles(model: string, component: Component): readonly string[] {
  return isSingleFile(model) ? [model] : findWeightFiles(model, component, "fp32");
}
