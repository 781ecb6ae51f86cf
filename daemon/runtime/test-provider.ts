// Tries an execution provider on a small graph of every kind of operator the networks use, against the CPU.
// What a package says it bundles is not what works on a machine.

import type { Provider } from "../base/provider.ts";
import type { Tensor } from "../base/tensor.ts";
import { GraphBuilder, type GraphTarget } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import {
  add,
  conv,
  gemm,
  instanceNormalization,
  matMul,
  mul,
  multiHeadAttention,
  quickGelu,
  reshape,
  softmax,
  transpose,
} from "../graph/operators.ts";
import { openNetwork } from "./open-network.ts";

export interface ProviderTest {
  readonly provider: Provider;
  /** Largest difference to the CPU relative to the largest value; null where nothing ran. */
  readonly error: number | null;
  readonly usable: boolean;
  readonly fusedAttention: boolean;
  readonly note: string;
}

/** Float32 on any provider agrees with the CPU far better than this; wrong kernels miss it by far. */
const tolerance = 1e-3;

/** Never throws; the reason why a provider cannot be used is its `note`. */
export async function testProvider(provider: Provider): Promise<ProviderTest> {
  try {
    const plain = await difference(provider, "decomposed");
    const fused = await difference(provider, "fused").catch(() => Number.POSITIVE_INFINITY);
    const usable = plain < tolerance;
    const note = usable ? "agrees with the CPU" : "its numbers differ from the CPU's";
    return { provider, error: plain, usable, fusedAttention: usable && fused < tolerance, note };
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    // The runtime puts its own source file and the failed condition before the reason.
    const note = line.replace(/^.* was false\. /, "");
    return { provider, error: null, usable: false, fusedAttention: false, note };
  }
}

async function difference(
  provider: Provider,
  attention: GraphTarget["attention"],
): Promise<number> {
  const expected = await run("cpu", attention);
  const actual = await run(provider, attention);
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = expected.data.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (actual.data[index] ?? Number.NaN))),
    0,
  );
  return worst / largest;
}

const channels = 32;
const side = 16;

async function run(provider: Provider, attention: GraphTarget["attention"]): Promise<Tensor> {
  const network = await openNetwork(testGraph(attention), {
    provider,
    threads: 0,
    workspace: "release",
    preparation: "full",
  });
  try {
    const { y } = await network.run({ x: wave([2, channels, side, side], 0.37) });
    return y as Tensor;
  } finally {
    await network.dispose();
  }
}

/** Convolution, group norm, SiLU, linear, attention: a UNet in small. */
function testGraph(attention: GraphTarget["attention"]): GraphData {
  const g = new GraphBuilder({ precision: "float32", attention });
  const constant = (shape: readonly number[], step: number) => {
    const { data } = wave(shape, step);
    return g.floats(
      [...data].map((value) => value * 0.2),
      shape,
    );
  };
  const x = g.floatInput("x", [2, channels, side, side]);
  const weight = constant([channels, channels, 3, 3], 0.71);
  const convolved = conv(g, { x, weight }, { pads: [1, 1, 1, 1] });
  const groups = reshape(g, convolved, [0, 4, -1]);
  const scale = g.floats([1, 1, 1, 1]);
  const bias = g.floats([0, 0, 0, 0]);
  const normed = reshape(g, instanceNormalization(g, { x: groups, scale, bias }), [
    0,
    channels,
    -1,
  ]);
  const tokens = transpose(g, quickGelu(g, normed, { alpha: 1 }), [0, 2, 1]); // [2, side², channels]
  const rows = gemm(g, reshape(g, tokens, [-1, channels]), constant([channels, channels], 0.53));
  const query = reshape(g, rows, [2, side * side, channels]);
  const attended =
    attention === "fused"
      ? multiHeadAttention(g, { query, key: tokens, value: tokens }, { heads: 4 })
      : matMul(g, softmax(g, mul(g, matMul(g, query, normed), g.floats([0.2], []))), tokens);
  g.floatOutput("y", add(g, attended, tokens), [2, side * side, channels]);
  return g.finish("provider-test");
}

/** Values without a pattern that a wrong kernel could keep. */
function wave(shape: readonly number[], step: number): Tensor {
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
  return { shape, data: data.map((_, index) => Math.sin(index * step + (index % 7))) };
}
