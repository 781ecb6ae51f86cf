// Attention alone, fused and written out, against the formula in plain loops.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { GraphBuilder, type GraphTarget } from "../../daemon/graph/graph-builder.ts";
import type { GraphData } from "../../daemon/graph/onnx.ts";
import { attention, meanAttentionMap } from "../../daemon/models/attention.ts";
import { callNetwork } from "../support/call-network.ts";
import { farthest } from "../support/compare.ts";

/** Sizes of one case: `depth` values a head. */
interface Sizes {
  readonly n: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  readonly depth: number;
}

const sizes = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  queries: fc.integer({ min: 1, max: 9 }),
  keys: fc.integer({ min: 1, max: 9 }),
  heads: fc.integer({ min: 1, max: 5 }),
  depth: fc.constantFrom(1, 2, 3, 8),
});

type Inputs = Readonly<Record<"query" | "key" | "value", Tensor>>;

const inputsOf = ({ n, queries, keys, heads, depth }: Sizes): Inputs => {
  const wave = (tokens: number, step: number): Tensor => {
    const data = new Float32Array(n * tokens * heads * depth);
    return {
      shape: [n, tokens, heads * depth],
      data: data.map((_, index) => 2 * Math.sin(index * step + (index % 5))),
    };
  };
  return { query: wave(queries, 0.7), key: wave(keys, 1.3), value: wave(keys, 0.4) };
};

/** How the graph is written; `scoresAtOnce` absent: all. */
type Form = Omit<GraphTarget, "precision">;

/** Outputs `y` [n, s, c] and `map` [n, s, t]. */
function graphOf(size: Sizes, form: Form, isMasked = false): GraphData {
  const g = new GraphBuilder({ precision: "float32", ...form });
  const channels = size.heads * size.depth;
  const port = (name: string, tokens: number) => g.floatInput(name, [size.n, tokens, channels]);
  const attended = {
    query: port("query", size.queries),
    key: port("key", size.keys),
    value: port("value", size.keys),
  };
  const heads = { heads: size.heads, channels };
  const mask = isMasked ? g.floats(maskOf(size), [size.queries, size.keys]) : undefined;
  g.floatOutput("y", attention(g, attended, heads, mask), null);
  g.floatOutput("map", meanAttentionMap(g, attended, heads), null);
  return g.finish("attention");
}

/** Only the first key and those up to the query's own place may be looked at. */
const maskOf = ({ queries, keys }: Sizes): readonly number[] =>
  Array.from({ length: queries * keys }, (_, cell) =>
    cell % keys > Math.floor(cell / keys) ? -3e4 : 0,
  );

function softmax(scores: readonly number[]): readonly number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** How much one query of one head looks at each key. */
function look(
  { query, key }: Inputs,
  size: Sizes,
  at: { readonly item: number; readonly head: number; readonly row: number },
  mask: readonly number[],
): readonly number[] {
  const { queries, keys, heads, depth } = size;
  const value = (from: Tensor, token: number, index: number): number =>
    from.data[(token * heads + at.head) * depth + index] ?? Number.NaN;
  const scores = Array.from({ length: keys }, (_, column) => {
    let score = mask[at.row * keys + column] ?? 0;
    for (let index = 0; index < depth; index += 1)
      score +=
        (value(query, at.item * queries + at.row, index) *
          value(key, at.item * keys + column, index)) /
        Math.sqrt(depth);
    return score;
  });
  return softmax(scores);
}

/** softmax(QKᵀ/√d)·V and the mean of the softmax over heads, one number after the other. */
function plain(inputs: Inputs, size: Sizes, mask: readonly number[]): { y: Tensor; map: Tensor } {
  const { n, queries, keys, heads, depth } = size;
  const y = new Float32Array(n * queries * heads * depth);
  const map = new Float32Array(n * queries * keys);
  for (let cell = 0; cell < n * queries * heads; cell += 1) {
    const head = cell % heads;
    const token = Math.floor(cell / heads);
    const item = Math.floor(token / queries);
    const row = token % queries;
    for (const [column, share] of look(inputs, size, { item, head, row }, mask).entries()) {
      map[token * keys + column] = (map[token * keys + column] ?? 0) + share / heads;
      const from = ((item * keys + column) * heads + head) * depth;
      for (let index = 0; index < depth; index += 1)
        y[cell * depth + index] =
          (y[cell * depth + index] ?? 0) + share * (inputs.value.data[from + index] ?? Number.NaN);
    }
  }
  return {
    y: { shape: [n, queries, heads * depth], data: y },
    map: { shape: [n, queries, keys], data: map },
  };
}

async function check(size: Sizes, form: Form, isMasked: boolean): Promise<void> {
  const inputs = inputsOf(size);
  const actual = await callNetwork(graphOf(size, form, isMasked), inputs);
  const expected = plain(inputs, size, isMasked ? maskOf(size) : []);
  expect(actual["y"]?.shape).toEqual(expected.y.shape);
  expect(farthest(actual["y"], expected.y)).toBeLessThan(1e-5);
  expect(actual["map"]?.shape).toEqual(expected.map.shape);
  if (!isMasked) expect(farthest(actual["map"], expected.map)).toBeLessThan(1e-5);
}

describe("attention is softmax(QKᵀ/√d)·V for every batch, length, head and depth", () => {
  it.each([
    ["fused", false],
    ["decomposed", false],
    ["fused", true],
    ["decomposed", true],
  ] as const)("when it is %s and its mask is %s", async (attention, isMasked) => {
    await fc.assert(
      fc.asyncProperty(sizes, (size) => check(size, { attention }, isMasked)),
      { numRuns: 25 },
    );
  });

  it.each(["fused", "decomposed"] as const)("when it is %s and in slices", async (attention) => {
    const scoresAtOnce = fc.integer({ min: 1, max: 300 });
    await fc.assert(
      fc.asyncProperty(sizes, scoresAtOnce, (size, most) =>
        check(size, { attention, scoresAtOnce: most }, false),
      ),
      { numRuns: 40 },
    );
  });
});

it.each(["fused", "decomposed"] as const)(
  "slices of %s attention give what all queries at once give",
  async (attention) => {
    const size = { n: 2, queries: 1000, keys: 600, heads: 4, depth: 16 };
    const inputs = inputsOf(size);
    const whole = await callNetwork(graphOf(size, { attention }), inputs);
    for (const scoresAtOnce of [100_000, 1_000_000, 10_000_000]) {
      const sliced = await callNetwork(graphOf(size, { attention, scoresAtOnce }), inputs);
      for (const name of ["y", "map"]) {
        expect(sliced[name]?.shape).toEqual(whole[name]?.shape);
        expect(farthest(sliced[name], whole[name] as Tensor)).toBeLessThan(1e-6);
      }
    }
  },
);

it("a masked key is never looked at, even where the mask hides all but one", async () => {
  const size = { n: 1, queries: 1, keys: 4, heads: 2, depth: 2 };
  const inputs = inputsOf(size);
  const { y } = await callNetwork(graphOf(size, { attention: "decomposed" }, true), inputs);
  expect(y?.data).toEqual(inputs.value.data.subarray(0, 4));
});
