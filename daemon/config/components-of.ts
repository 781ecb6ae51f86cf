// The networks of a model, by the names of their folders.
import type { Component } from "../weights/find-weights.ts";
import type { ModelConfig } from "./model-config.ts";

/** All that a run of the model opens. */
export function componentsOf(config: ModelConfig): readonly Component[] {
  switch (config.family) {
    case "sd":
      return ["text_encoder", "unet", "vae"];
    case "sdxl":
      return ["text_encoder", "text_encoder_2", "unet", "vae"];
    case "sd3":
      return [
        "text_encoder",
        "text_encoder_2",
        ...(config.thirdText === null ? [] : ["text_encoder_3" as const]),
        "transformer",
        "vae",
      ];
    default:
      return config satisfies never;
  }
}
