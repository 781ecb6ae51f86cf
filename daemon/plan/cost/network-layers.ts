// Every network of a model as layers.
import { mmditMapLevel } from "../../config/mmdit-config.ts";
import type { ModelConfig } from "../../config/model-config.ts";
import { mapLevels } from "../../config/unet-config.ts";
import type { Layer } from "./layer.ts";
import { mmditLayers } from "./mmdit-layers.ts";
import { t5Layers } from "./t5-layers.ts";
import { hiddenTextLayers, projectedTextLayers, textLayers } from "./text-layers.ts";
import { unetLayers } from "./unet-layers.ts";
import { type Skip, unetSkips } from "./unet-skips.ts";
import { vaeDecoderLayers, vaeEncoderLayers } from "./vae-layers.ts";

export interface NetworkLayers {
  /** Of every text encoder by CLIP. */
  readonly text: readonly Layer[];
  /** Of T5, which reads more tokens; none where it is not used. */
  readonly t5: readonly Layer[];
  /** Of the UNet or MMDiT. */
  readonly denoiser: readonly Layer[];
  /** Those of the denoiser that both sides of guidance share: they come before the first look at the text. */
  readonly shared: readonly Layer[];
  /** What the denoiser keeps of its way down until its way up has used it. */
  readonly skips: readonly Skip[];
  /** Picture levels of the denoiser that look at the text. */
  readonly mapLevels: readonly number[];
  readonly vaeEncoder: readonly Layer[];
  readonly vaeDecoder: readonly Layer[];
}

export function networkLayers(model: ModelConfig): NetworkLayers {
  return {
    text: allTextLayers(model),
    t5: model.family === "sd3" && model.thirdText !== null ? t5Layers(model.thirdText) : [],
    ...denoiserLayers(model),
    vaeEncoder: vaeEncoderLayers(model.vae),
    vaeDecoder: vaeDecoderLayers(model.vae),
  };
}

function denoiserLayers(
  model: ModelConfig,
): Pick<NetworkLayers, "denoiser" | "shared" | "skips" | "mapLevels"> {
  if (model.family === "sd3")
    return {
      denoiser: mmditLayers(model.mmdit),
      shared: [],
      skips: [],
      mapLevels: [mmditMapLevel],
    };
  const { unet } = model;
  const layers = unetLayers(unet);
  const firstLook = layers.findIndex((layer) => layer.kind === "linear" && layer.rows === "text");
  return {
    denoiser: layers,
    // An addition tells the two texts apart from the first block on.
    shared: unet.addition === null ? layers.slice(0, firstLook) : [],
    skips: unetSkips(unet),
    mapLevels: mapLevels(unet),
  };
}

function allTextLayers(model: ModelConfig): readonly Layer[] {
  switch (model.family) {
    case "sd":
      return textLayers(model.text);
    case "sdxl":
      return [...hiddenTextLayers(model.text), ...projectedTextLayers(model.projectedText)];
    case "sd3":
      return [...projectedTextLayers(model.text), ...projectedTextLayers(model.projectedText)];
    default:
      return model satisfies never;
  }
}
