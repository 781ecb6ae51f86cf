// The T5 text encoder as layers.
// Reference: transformers src/transformers/models/t5/modeling_t5.py, T5EncoderModel.
import type { T5Config } from "../../config/t5-config.ts";
import type { Layer } from "./layer.ts";

export function t5Layers(config: T5Config): readonly Layer[] {
  return [
    { kind: "table", entries: config.vocabSize, width: config.width },
    { kind: "table", entries: config.buckets, width: config.heads },
    ...Array.from({ length: config.layers }, () => block(config)).flat(),
    norm(config),
  ];
}

function block(config: T5Config): readonly Layer[] {
  const { width, feedForwardWidth } = config;
  const channels = config.heads * config.headWidth;
  const projection = linear(width, channels);
  return [
    norm(config),
    ...[projection, projection, projection],
    { kind: "attention", rows: "text", keys: "text", channels, heads: config.heads },
    linear(channels, width),
    norm(config),
    ...[linear(width, feedForwardWidth), linear(width, feedForwardWidth)],
    linear(feedForwardWidth, width),
  ];
}

const linear = (from: number, out: number): Layer => ({
  kind: "linear",
  rows: "text",
  in: from,
  out,
  bias: "without",
});

/** A scale for each channel, nothing else. */
const norm = ({ width }: T5Config): Layer => ({ kind: "table", entries: 1, width });
