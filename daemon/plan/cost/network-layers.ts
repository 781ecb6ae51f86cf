// Every network of a model as layers.
import type { ModelConfig } from "../../config/model-config.ts";
import type { Layer } from "./layer.ts";
import { hiddenTextLayers, projectedTextLayers, textLayers } from "./text-layers.ts";
import { unetLayers } from "./unet-layers.ts";
import { vaeDecoderLayers, vaeEncoderLayers } from "./vae-layers.ts";

export interface NetworkLayers {
  /** Of every text encoder. */
  readonly text: readonly Layer[];
  readonly unet: readonly Layer[];
  readonly vaeEncoder: readonly Layer[];
  readonly vaeDecoder: readonly Layer[];
}

export function networkLayers(model: ModelConfig): NetworkLayers {
  return {
    text: allTextLayers(model),
    unet: unetLayers(model.unet),
    vaeEncoder: vaeEncoderLayers(model.vae),
    vaeDecoder: vaeDecoderLayers(model.vae),
  };
}

function allTextLayers(model: ModelConfig): readonly Layer[] {
  switch (model.family) {
    case "sd":
      return textLayers(model.text);
    case "sdxl":
      return [...hiddenTextLayers(model.text), ...projectedTextLayers(model.projectedText)];
    default:
      return model satisfies never;
  }
}
