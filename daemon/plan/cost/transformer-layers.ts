// The UNet's transformer: self-attention, cross-attention to the text, gated feed-forward of four times the width.
// Reference: diffusers src/diffusers/models/transformers/transformer_2d.py, attention.py BasicTransformerBlock.
import type { Layer } from "./layer.ts";

export interface TransformerShape {
  readonly level: number;
  readonly channels: number;
  readonly heads: number;
  readonly depth: number;
  /** Width of the text embedding. */
  readonly textWidth: number;
}

export function transformerLayers(shape: TransformerShape): readonly Layer[] {
  const { level, channels, depth } = shape;
  // The projections are linear or 1×1 convolutions, which count the same.
  const projection: Layer = linear({ rows: level, in: channels, out: channels, bias: "with" });
  return [
    { kind: "norm", channels },
    projection,
    ...Array.from({ length: depth }, () => block(shape)).flat(),
    projection,
  ];
}

function block({ level, channels, heads, textWidth }: TransformerShape): readonly Layer[] {
  const norm: Layer = { kind: "norm", channels };
  const own = linear({ rows: level, in: channels, out: channels, bias: "without" });
  const fromText = linear({ rows: "text", in: textWidth, out: channels, bias: "without" });
  const out = linear({ rows: level, in: channels, out: channels, bias: "with" });
  return [
    norm,
    ...[own, own, own],
    { kind: "attention", rows: level, keys: "own", channels, heads },
    out,
    norm,
    ...[fromText, fromText, own],
    { kind: "attention", rows: level, keys: "text", channels, heads },
    out,
    norm,
    linear({ rows: level, in: channels, out: channels * 8, bias: "with" }),
    linear({ rows: level, in: channels * 4, out: channels, bias: "with" }),
  ];
}

const linear = (layer: Omit<Extract<Layer, { kind: "linear" }>, "kind">): Layer => ({
  kind: "linear",
  ...layer,
});
