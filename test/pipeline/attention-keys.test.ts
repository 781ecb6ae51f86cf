// Under which names prepared networks are kept: a graph that is another one has another name.
import { expect, it } from "vitest";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import type { GraphTarget } from "../../daemon/graph/graph-builder.ts";
import { denoiser } from "../../daemon/models/denoiser.ts";
import { networkKey } from "../../daemon/runtime/network-key.ts";
import { encodeNetwork } from "../../daemon/runtime/open-network.ts";
import { openWeights } from "../../daemon/weights/open-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { readText } from "../support/published-run.ts";
import { golden } from "../support/read-golden.ts";

/** The name of a model's denoiser on the CPU. */
function keyOf(model: string, target: GraphTarget): string {
  const config = readModelConfig(golden(`models/${model}`), readText);
  const { component, build } = denoiser(config);
  const graph = build(scopeOf(openWeights(config.folder, component)), target);
  return networkKey(graph, encodeNetwork(graph), "cpu");
}

it.each(["sd15", "sdxl", "sd3", "sd35"])(
  "%s has another name for each way to take attention, and the same one for the same way",
  (model) => {
    const fused = { precision: "float32", attention: "fused" } as const;
    const whole = { ...fused, attention: "decomposed" } as const;
    const ways: readonly GraphTarget[] = [
      fused,
      whole,
      { ...whole, scoresAtOnce: 3000 },
      { ...whole, scoresAtOnce: 6000 },
    ];
    const keys = ways.map((way) => keyOf(model, way));
    expect(new Set(keys).size).toBe(ways.length);
    expect(ways.map((way) => keyOf(model, way))).toEqual(keys);
  },
);
