// Tries an execution provider on the self-test's graph, against the CPU in its plainest form: float32, attention
// written out, the graph run as it is. What a package says it bundles is not what works on a machine.
import type { Provider } from "../base/provider.ts";
import type { Tensor } from "../base/tensor.ts";
import type { GraphTarget } from "../graph/graph-builder.ts";
import { type NetworkOptions, openNetwork } from "./open-network.ts";
import { selfTestFeeds, selfTestGraph } from "./self-test-graph.ts";

export interface ProviderTest {
  readonly provider: Provider;
  /** Largest difference to the CPU's plain form relative to the largest value; null where nothing ran. */
  readonly error: number | null;
  readonly usable: boolean;
  readonly fusedAttention: boolean;
  readonly note: string;
}

type Precision = GraphTarget["precision"];

/** Right kernels stay far below these, each in its precision; wrong ones miss them by far. */
const tolerances: Readonly<Record<Precision, number>> = { float32: 1e-3, float16: 2e-2 };

/**
 * Whether runs in `precision` can be trusted there. A float16 run has float32 networks too, so both are tried.
 * Never throws; the reason why a provider cannot be used is its `note`.
 */
export async function testProvider(
  provider: Provider,
  precision: Precision,
): Promise<ProviderTest> {
  const precisions: Precisions = precision === "float16" ? ["float32", "float16"] : [precision];
  try {
    const plain = await measure(provider, precisions, "decomposed");
    const fused = await measure(provider, precisions, "fused").catch(() => undefined);
    const usable = plain.isRight;
    const fusedAttention = usable && fused?.isRight === true;
    const { error } = fusedAttention ? fused : plain;
    const note = usable
      ? "agrees with the CPU's plain form"
      : `its ${plain.precision} numbers differ from the CPU's`;
    return { provider, error, usable, fusedAttention, note };
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    // The runtime puts its own source file and the failed condition before the reason.
    const note = line.replace(/^.* was false\. /, "");
    return { provider, error: null, usable: false, fusedAttention: false, note };
  }
}

type Precisions = readonly [Precision, ...Precision[]];

interface Measured {
  readonly precision: Precision;
  readonly error: number;
  readonly isRight: boolean;
}

/** The first precision that is wrong, or else the last one. */
async function measure(
  provider: Provider,
  [precision, ...others]: Precisions,
  attention: GraphTarget["attention"],
): Promise<Measured> {
  const plainest = { precision: "float32", attention: "decomposed" } as const;
  const expected = await answer(plainest, { provider: "cpu", preparation: "none" });
  const actual = await answer({ precision, attention }, { provider, preparation: "full" });
  const error = difference(actual, expected);
  const isRight = error < tolerances[precision];
  const [next, ...rest] = others;
  return isRight && next !== undefined
    ? measure(provider, [next, ...rest], attention)
    : { precision, error, isRight };
}

type Answer = Readonly<Record<string, Tensor>>;

async function answer(
  target: GraphTarget,
  how: Pick<NetworkOptions, "provider" | "preparation">,
): Promise<Answer> {
  const network = await openNetwork(selfTestGraph(target), {
    ...how,
    threads: 0,
    workspace: "release",
  });
  try {
    return await network.run(selfTestFeeds);
  } finally {
    await network.dispose();
  }
}

/** Of the output that differs most, relative to its own largest value. */
function difference(actual: Answer, expected: Answer): number {
  const each = Object.entries(expected).map(([name, { data }]) => {
    const values = actual[name]?.data ?? new Float32Array();
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = data.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (values[index] ?? Number.NaN))),
      0,
    );
    return worst / largest;
  });
  return Math.max(...each);
}
