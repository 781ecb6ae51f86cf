// The graph that a provider must compute rightly before it is trusted: CLIP, a UNet, an MMDiT and the VAE in small, with every
// operator that the networks use (a test compares the two sets). Decides nothing about what is right.
import { sizeOf, type Tensor } from "../base/tensor.ts";
import { GraphBuilder, type GraphTarget, type Value } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import {
  add,
  argMax,
  branch,
  concat,
  conv,
  cos,
  div,
  equal,
  gather,
  gatherRow,
  gelu,
  gemm,
  halves,
  instanceNormalization,
  isNotZero,
  layerNormalization,
  matMul,
  mul,
  multiHeadAttention,
  pow,
  quickGelu,
  reduceMean,
  reshape,
  resizeNearest,
  scan,
  shape,
  sin,
  slice,
  softmax,
  splitAt,
  sqrt,
  sub,
  tile,
  transpose,
} from "../graph/operators.ts";
import type { Feed } from "./open-network.ts";

const channels = 32;
const heads = 4;
const side = 16;
const words = 6;
const vocabulary = 20;
const endWord = 19;

/** What it is called with; the first text ends in its fourth word, the second in its last. */
export const selfTestFeeds: Readonly<Record<string, Feed>> = {
  picture: wave([2, channels, side, side], 0.37),
  ids: {
    shape: [2, words],
    data: Int32Array.of(3, 7, 1, endWord, endWord, 0, 11, 2, 5, 13, 4, 19),
  },
  collect: true,
};

/** Outputs `pooled` [2, c], `map` [2, side², words], `joint` and `sliced` [2, words, c] and `result` [2, c, side, side]. */
export function selfTestGraph(target: GraphTarget): GraphData {
  const g = new GraphBuilder(target);
  const picture = g.floatInput("picture", [2, channels, side, side]);
  const ids = g.input("ids", "int32", [2, words]);
  const collect = g.input("collect", "bool", []);
  const text = encodeText(g, ids);
  const pooled = pool(g, text, ids);
  const { x, map } = transformer(g, resnet(g, picture, pooled), { text, collect });
  g.floatOutput("pooled", pooled, [2, channels]);
  g.floatOutput("map", map, null);
  g.floatOutput("joint", joint(g, picture, text), [2, words, channels]);
  g.floatOutput("sliced", inSlices(g, text), [2, words, channels]);
  g.floatOutput("result", downAndUp(g, x), [2, channels, side, side]);
  return g.finish("self-test");
}

/** [2, words] → [2, words, c]. */
function encodeText(g: GraphBuilder, ids: Value): Value {
  const tokens = gather(g, constant(g, [vocabulary, channels], 0.83), ids);
  return gelu(g, norm(g, add(g, tokens, constant(g, [words, channels], 0.29))));
}

/** Each text's vector at its end: [2, c]. */
function pool(g: GraphBuilder, text: Value, ids: Value): Value {
  const end = argMax(g, equal(g, ids, g.integers32([endWord], [])), 1);
  return reshape(g, gatherRow(g, text, reshape(g, end, [0, 1, 1])), [0, -1]);
}

/** Group norm, SiLU, convolution, with a vector of sines added to every cell. */
function resnet(g: GraphBuilder, x: Value, vector: Value): Value {
  const waves = concat(g, [cos(g, vector), sin(g, vector)], 1); // [2, 2c]
  const shift = gemm(g, waves, constant(g, [channels, 2 * channels], 0.61), g.floats(ramp(0.1)));
  const scale = g.floats([1, 1, 1, 1]);
  const bias = g.floats([0, 0, 0, 0]);
  const repeats = div(g, shape(g, x, { end: 3 }), shape(g, x, { end: 3 })); // [1, 1, 1]
  const grouped = tile(g, reshape(g, x, [0, 4, -1]), repeats);
  const groups = instanceNormalization(g, { x: grouped, scale, bias });
  const active = quickGelu(g, reshape(g, groups, shape(g, x)), { alpha: 1 });
  const weight = constant(g, [channels, channels, 3, 3], 0.71);
  const convolved = conv(
    g,
    { x: active, weight, bias: g.floats(ramp(-0.05)) },
    { pads: [1, 1, 1, 1] },
  );
  return add(g, x, add(g, convolved, reshape(g, shift, [2, channels, 1, 1])));
}

/** Attention to itself and to the text, a gated layer, and the map of the second attention where it is asked for. */
function transformer(
  g: GraphBuilder,
  picture: Value,
  { text, collect }: { readonly text: Value; readonly collect: Value },
): { readonly x: Value; readonly map: Value } {
  const tokens = transpose(g, reshape(g, picture, [0, 0, -1]), [0, 2, 1]); // [2, side², c]
  const own = norm(g, tokens);
  const self = add(g, tokens, attention(g, own, own));
  const query = norm(g, self);
  const weight = g.floats([0.25], []);
  const kept = mul(g, attention(g, query, text), sub(g, g.floats([1], []), weight));
  const wide = linear(g, norm(g, add(g, self, kept)), 2 * channels);
  const [value, gate] = halves(g, wide, 2);
  const out = add(g, self, mul(g, value, gelu(g, gate)));
  const map = branch(g, collect, {
    whenTrue: (inner) => reduceMean(inner, attentionWeights(inner, query, text), 1),
    whenFalse: (inner) => inner.floats([], [0, 0, 0]),
  });
  return { x: reshape(g, transpose(g, out, [0, 2, 1]), shape(g, picture)), map };
}

/** The picture's middle and the text in one row of tokens, each token brought to one length; the text's again. */
function joint(g: GraphBuilder, picture: Value, text: Value): Value {
  const half = div(g, shape(g, picture, { start: 2 }), g.integers([2]));
  const table = constant(g, [side, side, channels], 0.31);
  const middle = slice(g, table, { starts: div(g, half, g.integers([2])), ends: half });
  const places = reshape(g, middle, [1, -1, channels]);
  const image = mul(g, norm(g, text), reduceMean(g, places, 1, { keepdims: 1 })); // [2, words, c]
  const all = concat(g, [image, text], 1);
  const exact = g.inFloat32(all);
  const square = reduceMean(g, pow(g, exact, g.floats32([2], [])), -1, { keepdims: 1 });
  const even = g.inPrecision(div(g, exact, sqrt(g, add(g, square, g.floats32([1e-6], [])))));
  const sizes = concat(g, [g.integers([words]), g.integers([words])], 0);
  const [ofImage, ofText] = splitAt(g, even, { axis: 1, sizes });
  return add(g, ofImage, gelu(g, ofText, { approximate: "tanh" }));
}

/** Attention of the text to itself, two words at a time. */
function inSlices(g: GraphBuilder, text: Value): Value {
  const slices = reshape(g, text, [2, -1, 2, channels]);
  const count = div(g, shape(g, text, { start: 1, end: 2 }), g.integers([2]));
  return branch(g, isNotZero(g, reshape(g, count, [])), {
    whenTrue: (inner) => {
      const each = scan(inner, slices, (body, query) => attention(body, query, text));
      return reshape(inner, each, [2, -1, channels]);
    },
    whenFalse: (inner) => attention(inner, text, text),
  });
}

/** Larger, smaller and larger again, with a skip connection. */
function downAndUp(g: GraphBuilder, x: Value): Value {
  const weight = constant(g, [channels, channels, 3, 3], 0.43);
  const half = (from: Value): Value =>
    conv(g, { x: from, weight }, { pads: [0, 0, 1, 1], strides: [2, 2] });
  const small = half(half(resizeNearest(g, x, { scales: [1, 1, 2, 2] })));
  const sizes = concat(g, [shape(g, small, { end: 2 }), shape(g, x, { start: 2 })], 0);
  const joined = concat(g, [resizeNearest(g, small, { sizes }), x], 1); // [2, 2c, side, side]
  return conv(g, { x: joined, weight: constant(g, [channels, 2 * channels, 1, 1], 0.57) });
}

/** Keys are values. The same sum in one node or written out. */
function attention(g: GraphBuilder, query: Value, key: Value): Value {
  if (g.target.attention === "fused")
    return multiHeadAttention(g, { query, key, value: key }, { heads });
  const mixed = matMul(g, attentionWeights(g, query, key), splitHeads(g, key, [0, 2, 1, 3]));
  return reshape(g, transpose(g, mixed, [0, 2, 1, 3]), [0, 0, channels]);
}

/** [2, heads, queries, keys]. */
function attentionWeights(g: GraphBuilder, query: Value, key: Value): Value {
  const scale = g.floats([(channels / heads) ** -0.5], []);
  const scaled = mul(g, splitHeads(g, query, [0, 2, 1, 3]), scale);
  return softmax(g, matMul(g, scaled, splitHeads(g, key, [0, 2, 3, 1])));
}

function splitHeads(g: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  return transpose(g, reshape(g, x, [0, 0, heads, channels / heads]), permutation);
}

/** [2, n, c] → [2, n, out]. */
function linear(g: GraphBuilder, x: Value, out: number): Value {
  const rows = gemm(g, reshape(g, x, [-1, channels]), constant(g, [out, channels], 0.53));
  return reshape(g, rows, [2, -1, out]);
}

function norm(g: GraphBuilder, x: Value): Value {
  return layerNormalization(g, { x, scale: g.floats(ramp(1)), bias: g.floats(ramp(0.1)) });
}

/** One number a channel, around `middle`. */
function ramp(middle: number): readonly number[] {
  return Array.from({ length: channels }, (_, channel) => middle * (1 + channel / channels));
}

/** Weights as small as a network's. */
function constant(g: GraphBuilder, shape: readonly number[], step: number): Value {
  const { data } = wave(shape, step);
  return g.floats(
    [...data].map((value) => value * 0.2),
    shape,
  );
}

/** Values without a pattern that a wrong kernel could keep. */
function wave(shape: readonly number[], step: number): Tensor {
  const data = new Float32Array(sizeOf(shape));
  return { shape, data: data.map((_, index) => Math.sin(index * step + (index % 7))) };
}
