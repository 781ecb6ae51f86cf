// Attention between tokens laid out [n, tokens, channels]: one fused node where the runtime has a right one,
// otherwise the same written out.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import {
  add,
  concat,
  matMul,
  mul,
  multiHeadAttention,
  reduceMean,
  reshape,
  shape,
  softmax,
  transpose,
} from "../graph/operators.ts";
import { inQuerySlices } from "./query-slices.ts";

/** Queries [n, s, c], keys and values [n, t, c]. */
export interface Attended {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

export interface Heads {
  readonly heads: number;
  readonly channels: number;
  /** What scores are multiplied by, where it is not 1/√d. */
  readonly scale?: number;
}

/** softmax(QKᵀ/√d)·V over `heads` heads: [n, s, c]. `mask`, added to the scores, is [s, t] or [1, heads, s, t]. */
export function attention(g: GraphBuilder, x: Attended, size: Heads, mask?: Value): Value {
  if (mask !== undefined) return writtenOut(g, x, size, mask);
  return inQuerySlices(g, { ...x, heads: size.heads }, (inner, query) =>
    inner.target.attention === "fused"
      ? multiHeadAttention(inner, { ...x, query }, { heads: size.heads })
      : writtenOut(inner, { ...x, query }, size),
  );
}

function writtenOut(g: GraphBuilder, x: Attended, size: Heads, mask?: Value): Value {
  const weights = attentionWeights(g, x, size, mask);
  const mixed = matMul(g, weights, splitHeads(g, x.value, size, [0, 2, 1, 3])); // [n, heads, s, d]
  const tokens = transpose(g, mixed, [0, 2, 1, 3]); // [n, s, heads, d]
  return reshape(
    g,
    tokens,
    concat(g, [shape(g, x.query, { end: 2 }), g.integers([size.channels])], 0),
  );
}

/** How much each query looks at each key, as the mean over heads: [n, s, t] (method §6). */
export function meanAttentionMap(
  g: GraphBuilder,
  x: { readonly query: Value; readonly key: Value },
  size: Heads,
): Value {
  return inQuerySlices(g, { ...x, heads: size.heads }, (inner, query) =>
    reduceMean(inner, attentionWeights(inner, { ...x, query }, size), 1),
  );
}

function attentionWeights(
  g: GraphBuilder,
  x: { readonly query: Value; readonly key: Value },
  size: Heads,
  mask?: Value,
): Value {
  const query = splitHeads(g, x.query, size, [0, 2, 1, 3]); // [n, heads, s, d]
  const key = splitHeads(g, x.key, size, [0, 2, 3, 1]); // [n, heads, d, t]
  const { scale = (size.channels / size.heads) ** -0.5 } = size;
  const scaled = scale === 1 ? query : mul(g, query, g.floats([scale], []));
  const scores = matMul(g, scaled, key); // [n, heads, s, t]
  return softmax(g, mask === undefined ? scores : add(g, scores, mask));
}

/** [n, s, c] → [n, s, heads, d], then permuted. */
function splitHeads(g: GraphBuilder, x: Value, size: Heads, permutation: readonly number[]): Value {
  return transpose(g, reshape(g, x, [0, 0, size.heads, size.channels / size.heads]), permutation);
}
