// CLIP text encoders as layers.
// Reference: transformers src/transformers/models/clip/modeling_clip.py, CLIPTextModelWithProjection.
import type {
  ProjectedTextEncoderConfig,
  TextEncoderConfig,
} from "../../config/text-encoder-config.ts";
import type { Layer } from "./layer.ts";

/** Up to the final norm. */
export function textLayers(config: TextEncoderConfig): readonly Layer[] {
  return [...firstLayers(config, config.layers), { kind: "norm", channels: config.hiddenSize }];
}

/** Up to the last layer but one: SDXL's first encoder. */
export function hiddenTextLayers(config: TextEncoderConfig): readonly Layer[] {
  return firstLayers(config, config.layers - 1);
}

/** With the projection of one token: SDXL's second encoder, both of Stable Diffusion 3. */
export function projectedTextLayers(config: ProjectedTextEncoderConfig): readonly Layer[] {
  const { hiddenSize, projectionWidth } = config;
  if (config.projection === "none") return textLayers(config);
  return [
    ...textLayers(config),
    { kind: "linear", rows: "once", in: hiddenSize, out: projectionWidth, bias: "without" },
  ];
}

function firstLayers(config: TextEncoderConfig, count: number): readonly Layer[] {
  return [
    { kind: "table", entries: config.vocabSize + config.positions, width: config.hiddenSize },
    ...Array.from({ length: count }, () => encoderLayer(config)).flat(),
  ];
}

function encoderLayer({
  hiddenSize,
  intermediateSize,
  heads,
}: TextEncoderConfig): readonly Layer[] {
  const norm: Layer = { kind: "norm", channels: hiddenSize };
  const linear = (from: number, out: number): Layer => ({
    kind: "linear",
    rows: "text",
    in: from,
    out,
    bias: "with",
  });
  const square = linear(hiddenSize, hiddenSize);
  return [
    norm,
    ...[square, square, square],
    { kind: "attention", rows: "text", keys: "own", channels: hiddenSize, heads },
    square,
    norm,
    linear(hiddenSize, intermediateSize),
    linear(intermediateSize, hiddenSize),
  ];
}
