// The network that a model samples with, whatever its architecture: the same inputs and outputs for all of them.
import { mmditMapLevel } from "../config/mmdit-config.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { mapLevels, type UNetConfig } from "../config/unet-config.ts";
import type { UNetVariant } from "../config/unet-variant.ts";
import type { GraphTarget } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { mmdit } from "./mmdit.ts";
import { unet } from "./unet.ts";

/** Its graph gives `prediction` for `sample`, `timestep` and `text`, and has the method's map ports. */
export interface Denoiser {
  /** Its folder in the model's. */
  readonly component: "unet" | "transformer";
  /** Picture levels whose layers look at the text, in ascending order: 0 is the latent's size, each next one half. */
  readonly mapLevels: readonly number[];
  /** A `variant` only of a UNet. */
  build(weights: WeightScope, target: GraphTarget, variant?: UNetVariant | null): GraphData;
}

export function denoiser(config: ModelConfig): Denoiser {
  switch (config.family) {
    case "sd":
    case "sdxl":
      return unetDenoiser(config.unet);
    case "sd3":
      return {
        component: "transformer",
        mapLevels: [mmditMapLevel],
        build: (weights, target) => mmdit(config.mmdit, weights, target),
      };
    default:
      return config satisfies never;
  }
}

/** A UNet without a model around it. */
export function unetDenoiser(config: UNetConfig): Denoiser {
  return {
    component: "unet",
    mapLevels: mapLevels(config),
    build: (...place) => unet(config, ...place),
  };
}
