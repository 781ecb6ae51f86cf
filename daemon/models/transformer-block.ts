// The UNet's transformer over the cells of a picture: self-attention, cross-attention to the text with the
// method's map hooks (method §6), feed-forward.
// Reference: diffusers src/diffusers/models/transformers/transformer_2d.py, attention.py BasicTransformerBlock.
import type { Value } from "../graph/graph-builder.ts";
import { add, gelu, halves, mul, reshape, shape, transpose } from "../graph/operators.ts";
import { type Attended, attention } from "./attention.ts";
import { at, conv2d, groupNorm, type Layer, layerNorm, linear } from "./layer.ts";
import type { MapHooks } from "./map-hooks.ts";

export interface TransformerShape {
  readonly channels: number;
  readonly heads: number;
  readonly depth: number;
  readonly textWidth: number;
  readonly groups: number;
  readonly linearProjection: boolean;
}

/** What every cross-attention layer sees: the text [n, t, textWidth] and the maps of this picture level. */
export interface Condition {
  readonly text: Value;
  readonly hooks: MapHooks;
  /** Where the picture is still one for both sides of guidance: makes one for each, as the text has. */
  readonly spread: ((x: Value) => Value) | null;
}

/** [n, c, h, w] → [n, c, h, w], or that of the text's batch. */
export function transformer2d(
  layer: Layer,
  x: Value,
  size: TransformerShape,
  condition: Condition,
): Value {
  const { g } = layer;
  const { channels, groups } = size;
  const normed = groupNorm(layer, "norm", x, { channels, groups, epsilon: 1e-6 });
  let tokens = projectIn(layer, normed, size); // [n, h·w, c]
  for (let index = 0; index < size.depth; index += 1) {
    const spread = index === 0 ? condition.spread : null;
    tokens = at(layer, `transformer_blocks.${index}`, (inner) =>
      transformerBlock(inner, tokens, size, { ...condition, spread }),
    );
  }
  const before = condition.spread === null ? x : condition.spread(x);
  return add(g, projectOut(layer, tokens, size, shape(g, before)), before);
}

function transformerBlock(
  layer: Layer,
  x: Value,
  size: TransformerShape,
  condition: Condition,
): Value {
  const { g } = layer;
  const norm = { width: size.channels, epsilon: 1e-5 };
  const own = add(g, x, selfAttention(layer, layerNorm(layer, "norm1", x, norm), size));
  const self = condition.spread === null ? own : condition.spread(own);
  const cross = add(
    g,
    self,
    crossAttention(layer, layerNorm(layer, "norm2", self, norm), size, condition),
  );
  return add(g, cross, feedForward(layer, layerNorm(layer, "norm3", cross, norm), size.channels));
}

function selfAttention(layer: Layer, x: Value, size: TransformerShape): Value {
  return at(layer, "attn1", (inner) => {
    const attended = project(inner, { from: x, to: x, textWidth: size.channels }, size);
    return projectAttention(inner, attention(inner.g, attended, size), size);
  });
}

function crossAttention(
  layer: Layer,
  x: Value,
  size: TransformerShape,
  condition: Condition,
): Value {
  return at(layer, "attn2", (inner) => {
    const sides = { from: x, to: condition.text, textWidth: size.textWidth };
    const attended = project(inner, sides, size);
    const plain = attention(inner.g, attended, size);
    condition.hooks.collect(attended, size);
    return projectAttention(inner, condition.hooks.reuse(plain, attended.value), size);
  });
}

function project(
  layer: Layer,
  sides: { readonly from: Value; readonly to: Value; readonly textWidth: number },
  { channels }: TransformerShape,
): Attended {
  const key = { in: sides.textWidth, out: channels, bias: false } as const;
  return {
    query: linear(layer, "to_q", sides.from, { in: channels, out: channels, bias: false }),
    key: linear(layer, "to_k", sides.to, key),
    value: linear(layer, "to_v", sides.to, key),
  };
}

function projectAttention(layer: Layer, x: Value, { channels }: TransformerShape): Value {
  return linear(layer, "to_out.0", x, { in: channels, out: channels });
}

/** GEGLU: one half of the wide layer gates the other. */
function feedForward(layer: Layer, x: Value, channels: number): Value {
  return at(layer, "ff.net", (inner) => {
    const wide = linear(inner, "0.proj", x, { in: channels, out: channels * 8 });
    const [value, gate] = halves(inner.g, wide, 2);
    return linear(inner, "2", mul(inner.g, value, gelu(inner.g, gate)), {
      in: channels * 4,
      out: channels,
    });
  });
}

function projectIn(
  layer: Layer,
  x: Value,
  { channels, linearProjection }: TransformerShape,
): Value {
  const width = { in: channels, out: channels };
  if (linearProjection) return linear(layer, "proj_in", toTokens(layer, x), width);
  return toTokens(layer, conv2d(layer, "proj_in", x, { ...width, kernel: 1 }));
}

function projectOut(
  layer: Layer,
  tokens: Value,
  { channels, linearProjection }: TransformerShape,
  pictureShape: Value,
): Value {
  const { g } = layer;
  const width = { in: channels, out: channels };
  const toPicture = (x: Value): Value => reshape(g, transpose(g, x, [0, 2, 1]), pictureShape);
  if (linearProjection) return toPicture(linear(layer, "proj_out", tokens, width));
  return conv2d(layer, "proj_out", toPicture(tokens), { ...width, kernel: 1 });
}

/** [n, c, h, w] → [n, h·w, c]. */
function toTokens({ g }: Layer, x: Value): Value {
  return transpose(g, reshape(g, x, [0, 0, -1]), [0, 2, 1]);
}
