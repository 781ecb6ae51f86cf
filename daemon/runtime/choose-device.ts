// Which execution provider a plan runs on, and what its graphs may use there.
import { providerUnavailable } from "../base/failure.ts";
import type { Provider } from "../base/provider.ts";
import type { GraphTarget } from "../graph/graph-builder.ts";
import type { NetworkOptions } from "./open-network.ts";
import { testProvider } from "./test-provider.ts";

/** A provider with its graphs' target. */
export interface Device extends Omit<NetworkOptions, "workspace" | "preparation"> {
  readonly target: GraphTarget;
}

/** The plan's provider, tested in the plan's precision before it is trusted; the CPU is what others are tested against. Throws `providerUnavailable`. */
export async function chooseDevice(plan: {
  readonly provider: Provider;
  readonly precision: "fp32" | "fp16";
}): Promise<Device> {
  const { provider } = plan;
  const precision = plan.precision === "fp16" ? "float16" : "float32";
  if (provider === "cpu")
    return { provider, threads: 0, target: { precision, attention: "fused" } };
  const result = await testProvider(provider, precision);
  if (!result.usable) throw providerUnavailable(provider, result.note);
  return {
    provider,
    threads: 0,
    target: { precision, attention: result.fusedAttention ? "fused" : "decomposed" },
  };
}
