// The CLIP text encoder: token ids → one vector a token, and in SDXL and Stable Diffusion 3 one for the whole text.
// Reference: transformers src/transformers/models/clip/modeling_clip.py, CLIPTextModelWithProjection.
import type {
  ProjectedTextEncoderConfig,
  TextEncoderConfig,
} from "../config/text-encoder-config.ts";
import { GraphBuilder, type GraphTarget, type Value } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import {
  add,
  argMax,
  equal,
  gather,
  gatherRow,
  gelu,
  gemm,
  quickGelu,
  reshape,
  transpose,
} from "../graph/operators.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { attention } from "./attention.ts";
import { at, type Layer, layerNorm, linear, weight } from "./layer.ts";

/**
 * Input `ids` int32 [n, positions]; output `text` [n, positions, hidden], after the final norm
 * (what Stable Diffusion 1.x and 2.x condition on, method §7).
 */
export function clipTextEncoder(
  config: TextEncoderConfig,
  weights: WeightScope,
  target: GraphTarget,
): GraphData {
  const { g, ids, encoder } = begin(config, weights, target);
  const last = encode(encoder, config, embed(encoder, config, ids), { from: 0, to: config.layers });
  return finish(g, config, layerNorm(encoder, "final_layer_norm", last, norm(config)));
}

/**
 * SDXL's first encoder. Input `ids` int32 [n, positions]; output `text` [n, positions, hidden], what the last layer
 * but one gives, without a norm (method §7); the last layer is not built.
 */
export function clipHiddenTextEncoder(
  config: TextEncoderConfig,
  weights: WeightScope,
  target: GraphTarget,
): GraphData {
  const { g, ids, encoder } = begin(config, weights, target);
  const embedded = embed(encoder, config, ids);
  return finish(g, config, encode(encoder, config, embedded, { from: 0, to: config.layers - 1 }));
}

/** SDXL's second encoder, and both of Stable Diffusion 3: `text` as of SDXL's first, and `pooled` [n, projection], the end token projected. */
export function clipProjectedTextEncoder(
  config: ProjectedTextEncoderConfig,
  weights: WeightScope,
  target: GraphTarget,
): GraphData {
  const { g, ids, encoder } = begin(config, weights, target);
  const [before, all] = [config.layers - 1, config.layers];
  const hidden = encode(encoder, config, embed(encoder, config, ids), { from: 0, to: before });
  const last = encode(encoder, config, hidden, { from: before, to: all });
  const normed = layerNorm(encoder, "final_layer_norm", last, norm(config));
  const end = gatherRow(g, normed, endPlace(g, config, ids)); // [n, 1, c]
  const pooled = project({ g, weights }, config, end);
  g.floatOutput("pooled", reshape(g, pooled, [0, -1]), ["n", config.projectionWidth]);
  return finish(g, config, hidden);
}

/** [n, 1, c] → [n, .., projection], without a bias. open_clip's matrix is [in, out], and its key ends where others go on. */
function project(layer: Layer, config: ProjectedTextEncoderConfig, end: Value): Value {
  const { g, weights } = layer;
  const { hiddenSize, projectionWidth } = config;
  const name = "text_projection";
  if (config.projection === "none") return end;
  if (!weights.has(name))
    return linear(layer, name, end, { in: hiddenSize, out: projectionWidth, bias: false });
  const matrix = transpose(g, weight(layer, name, [hiddenSize, projectionWidth]), [1, 0]);
  return gemm(g, reshape(g, end, [-1, hiddenSize]), matrix);
}

function begin(
  config: TextEncoderConfig,
  weights: WeightScope,
  target: GraphTarget,
): { readonly g: GraphBuilder; readonly ids: Value; readonly encoder: Layer } {
  // Attention needs a causal mask, which the fused node does not take.
  const g = new GraphBuilder({ ...target, attention: "decomposed" });
  const ids = g.input("ids", "int32", ["n", config.positions]);
  // Transformers 5 saves the encoder's keys without the prefix that older versions wrote.
  const prefixed = weights.has("text_model.final_layer_norm.weight");
  return { g, ids, encoder: { g, weights: prefixed ? weights.at("text_model") : weights } };
}

function finish(g: GraphBuilder, config: TextEncoderConfig, text: Value): GraphData {
  g.floatOutput("text", text, ["n", config.positions, config.hiddenSize]);
  return g.finish("clip");
}

/** Layers `from` up to, not including, `to`: [n, s, c] → [n, s, c]. */
function encode(
  layer: Layer,
  config: TextEncoderConfig,
  x: Value,
  layers: { readonly from: number; readonly to: number },
): Value {
  const mask = causalMask(layer.g, config.positions); // [s, s]
  let value = x;
  for (let index = layers.from; index < layers.to; index += 1)
    value = at(layer, `encoder.layers.${index}`, (inner) =>
      encoderLayer(inner, config, value, mask),
    );
  return value;
}

/** Where each text ends: [n, 1, 1]. The end token may also be the padding, so the first one counts. */
function endPlace(g: GraphBuilder, { endToken }: ProjectedTextEncoderConfig, ids: Value): Value {
  const isEnd = endToken === 2 ? ids : equal(g, ids, g.integers32([endToken], []));
  return reshape(g, argMax(g, isEnd, 1), [0, 1, 1]);
}

function embed(layer: Layer, config: TextEncoderConfig, ids: Value): Value {
  return at(layer, "embeddings", (inner) => {
    const { vocabSize, positions, hiddenSize } = config;
    const tokens = at(inner, "token_embedding", (table) =>
      gather(table.g, weight(table, "weight", [vocabSize, hiddenSize]), ids),
    ); // [n, s, c]
    const places = at(inner, "position_embedding", (table) =>
      weight(table, "weight", [positions, hiddenSize]),
    );
    return add(inner.g, tokens, places);
  });
}

function encoderLayer(layer: Layer, config: TextEncoderConfig, x: Value, mask: Value): Value {
  const { g } = layer;
  const attended = add(g, x, selfAttention(layer, config, x, mask));
  return add(g, attended, feedForward(layer, config, attended));
}

function selfAttention(layer: Layer, config: TextEncoderConfig, x: Value, mask: Value): Value {
  const normed = layerNorm(layer, "layer_norm1", x, norm(config));
  return at(layer, "self_attn", (inner) => {
    const width = { in: config.hiddenSize, out: config.hiddenSize };
    const attended = {
      query: linear(inner, "q_proj", normed, width),
      key: linear(inner, "k_proj", normed, width),
      value: linear(inner, "v_proj", normed, width),
    };
    const heads = { heads: config.heads, channels: config.hiddenSize };
    return linear(inner, "out_proj", attention(inner.g, attended, heads, mask), width);
  });
}

function feedForward(layer: Layer, config: TextEncoderConfig, x: Value): Value {
  const normed = layerNorm(layer, "layer_norm2", x, norm(config));
  const { hiddenSize, intermediateSize } = config;
  return at(layer, "mlp", (inner) => {
    const wide = linear(inner, "fc1", normed, { in: hiddenSize, out: intermediateSize });
    const active = config.activation === "gelu" ? gelu(inner.g, wide) : quickGelu(inner.g, wide);
    return linear(inner, "fc2", active, { in: intermediateSize, out: hiddenSize });
  });
}

/** 0 where a token may look, a large negative number where it would look ahead. */
function causalMask(g: GraphBuilder, side: number): Value {
  const blocked = -3e4; // Below exp's range in both precisions, and a finite float16.
  const values = Array.from({ length: side * side }, (_, cell) =>
    cell % side > Math.floor(cell / side) ? blocked : 0,
  );
  return g.floats(values, [side, side]);
}

const norm = (config: TextEncoderConfig): { width: number; epsilon: number } => ({
  width: config.hiddenSize,
  epsilon: config.normEps,
});
