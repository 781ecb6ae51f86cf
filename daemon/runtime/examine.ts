// What this machine can do: every bundled provider tried alone, and the CPU's own speed.
import { availableParallelism } from "node:os";
import { env, listSupportedBackends } from "onnxruntime-node";
import { providers as known } from "../base/provider.ts";
import { GraphBuilder } from "../graph/graph-builder.ts";
import { matMul } from "../graph/operators.ts";
import { openNetwork } from "./open-network.ts";
import { type ProviderTest, testProvider } from "./test-provider.ts";

export interface MachineReport {
  readonly runtime: string;
  readonly threads: number;
  readonly gemmGflops: number;
  readonly providers: ProviderTest[];
}

/** Takes a few seconds. */
export async function examine(): Promise<MachineReport> {
  const bundled = listSupportedBackends().map(({ name }) => name);
  const providers: ProviderTest[] = [];
  for (const provider of known)
    if (bundled.includes(provider))
      // In the precision that plans choose there by themselves.
      providers.push(await testProvider(provider, provider === "cpu" ? "float32" : "float16"));
  return {
    runtime: `onnxruntime-node ${env.versions.node}`,
    threads: availableParallelism(),
    gemmGflops: await measureGemm(),
    providers,
  };
}

/** GFLOP/s of the best of several products of two square matrices: what the machine can do at most. */
export async function measureGemm(): Promise<number> {
  const side = 2048;
  const g = new GraphBuilder({ precision: "float32", attention: "fused" });
  const a = g.floatInput("a", [side, side]);
  const b = g.floatInput("b", [side, side]);
  g.floatOutput("y", matMul(g, a, b), [side, side]);
  const network = await openNetwork(g.finish("gemm"), {
    provider: "cpu",
    threads: 0,
    workspace: "release",
    preparation: "full",
  });
  const x = { shape: [side, side], data: new Float32Array(side * side).fill(0.5) };
  let bestMs = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 8; repeat += 1) {
    const startMs = performance.now();
    await network.run({ a: x, b: x });
    bestMs = Math.min(bestMs, performance.now() - startMs);
  }
  await network.dispose();
  return (2 * side ** 3) / bestMs / 1e6;
}
