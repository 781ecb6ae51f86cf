// The T5 v1.1 text encoder: token ids → one vector a token. Tokens know nothing of their places but how far they are
// apart, which a bias on the attention says, the same in all layers.
// Reference: transformers src/transformers/models/t5/modeling_t5.py, T5EncoderModel. As there, the sum that runs through
// the layers and the product with wo are float32, whatever the target's precision: they overflow in float16.
import { type T5Config, t5Tokens } from "../config/t5-config.ts";
import { GraphBuilder, type GraphTarget, type Value } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import { add, gather, gelu, gemm, mul, reshape, transpose } from "../graph/operators.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { attention } from "./attention.ts";
import { at, exactRows, exactWeight, type Layer, linear, rmsNorm, weight } from "./layer.ts";

/** Input `ids` int32 [n, 256]; output `text` [n, 256, width], after the final norm. No token is masked (method §7). */
export function t5TextEncoder(
  config: T5Config,
  weights: WeightScope,
  target: GraphTarget,
): GraphData {
  // The bias is a mask, which the fused node does not take.
  const g = new GraphBuilder({ ...target, attention: "decomposed" });
  const layer: Layer = { g, weights };
  const ids = g.input("ids", "int32", ["n", t5Tokens]);
  const embedded = at(layer, tableName(weights), (table) =>
    exactRows(table, "weight", [config.vocabSize, config.width], ids),
  ); // [n, s, c], float32
  const text = at(layer, "encoder", (encoder) => {
    const last = blocks(encoder, config, embedded);
    return rmsNorm(encoder, "final_layer_norm", last, norm(config));
  });
  g.floatOutput("text", text, ["n", t5Tokens, config.width]);
  return g.finish("t5");
}

/** The encoder's table is the one that T5 shares with a decoder; files have it under either name. */
const tableName = (weights: WeightScope): string =>
  weights.has("shared.weight") ? "shared" : "encoder.embed_tokens";

function blocks(layer: Layer, config: T5Config, embedded: Value): Value {
  const bias = at(layer, "block.0.layer.0.SelfAttention", (first) => positionBias(first, config));
  let value = embedded;
  for (let index = 0; index < config.layers; index += 1)
    value = at(layer, `block.${index}`, (inner) => {
      const attended = at(inner, "layer.0", (part) => selfAttention(part, config, value, bias));
      return at(inner, "layer.1", (part) => feedForward(part, config, attended));
    });
  return value;
}

/** What each head adds where a query looks at a key, by how far apart they are: [1, heads, s, s]. */
function positionBias(layer: Layer, config: T5Config): Value {
  const { g } = layer;
  const table = at(layer, "relative_attention_bias", (inner) =>
    weight(inner, "weight", [config.buckets, config.heads]),
  );
  const places = Array.from({ length: t5Tokens ** 2 }, (_, cell) =>
    bucketOf(config, (cell % t5Tokens) - Math.floor(cell / t5Tokens)),
  );
  const rows = gather(g, table, g.integers32(places, [t5Tokens, t5Tokens])); // [s, s, heads]
  return reshape(g, transpose(g, rows, [2, 0, 1]), [1, config.heads, t5Tokens, t5Tokens]);
}

/** The class of a distance, key − query: small ones each their own, larger ones in steps of their logarithm. */
function bucketOf({ buckets, maxDistance }: T5Config, distance: number): number {
  const half = buckets / 2;
  const [side, far] = [distance > 0 ? half : 0, Math.abs(distance)];
  const exact = half / 2;
  if (far < exact) return side + far;
  // In float32, as the reference computes it.
  const share = Math.fround(
    Math.fround(Math.log(Math.fround(far / exact))) / Math.fround(Math.log(maxDistance / exact)),
  );
  const step = exact + Math.trunc(Math.fround(share * (half - exact)));
  return side + Math.min(step, half - 1);
}

/** Attention without a scale, and what came in: [n, s, c], float32. */
function selfAttention(layer: Layer, config: T5Config, x: Value, bias: Value): Value {
  const { g } = layer;
  const normed = rmsNorm(layer, "layer_norm", x, norm(config));
  const channels = config.heads * config.headWidth;
  const attended = at(layer, "SelfAttention", (inner) => {
    const project = (name: string): Value =>
      linear(inner, name, normed, { in: config.width, out: channels, bias: false });
    const parts = { query: project("q"), key: project("k"), value: project("v") };
    const mixed = attention(g, parts, { heads: config.heads, channels, scale: 1 }, bias);
    return linear(inner, "o", mixed, { in: channels, out: config.width, bias: false });
  });
  return add(g, x, g.inFloat32(attended));
}

/** Two layers side by side, one of them the other's gate, a third one back, and what came in: [n, s, c], float32. */
function feedForward(layer: Layer, config: T5Config, x: Value): Value {
  const { g } = layer;
  const normed = rmsNorm(layer, "layer_norm", x, norm(config));
  const [narrow, wide] = [config.width, config.feedForwardWidth];
  const fed = at(layer, "DenseReluDense", (inner) => {
    const branch = (name: string): Value =>
      linear(inner, name, normed, { in: narrow, out: wide, bias: false });
    const gated = mul(g, gelu(g, branch("wi_0"), { approximate: "tanh" }), branch("wi_1"));
    // Before the reshape, as in every linear layer: the runtime would convert the weights of all blocks at the start.
    const back = at(inner, "wo", (wo) => exactWeight(wo, "weight", [narrow, wide]));
    const rows = reshape(g, g.inFloat32(gated), [-1, wide]); // [n·s, wide]
    return reshape(g, gemm(g, rows, back), [-1, t5Tokens, narrow]);
  });
  return add(g, x, fed);
}

const norm = (config: T5Config): { width: number; epsilon: number } => ({
  width: config.width,
  epsilon: config.normEps,
});
