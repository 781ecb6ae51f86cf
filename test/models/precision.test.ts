// The float16 target: what a GPU is given. The CPU computes it too, casting around what it has no kernel for.
import { describe, expect, it } from "vitest";
import {
  answerPart,
  exact,
  type GoldenModel,
  type PartName,
  parts,
} from "../support/answer-parts.ts";
import { callRepeatedly, denoiserFeeds } from "../support/call-network.ts";
import { difference, farthest } from "../support/compare.ts";
import { buildNetwork, fixtureNetwork } from "../support/fixture-networks.ts";
import { golden } from "../support/read-golden.ts";

const names = Object.keys(parts) as readonly PartName[];

async function check(
  model: GoldenModel,
  part: PartName,
  attention: "fused" | "decomposed",
): Promise<void> {
  const folder = golden(`models/${model}`);
  const expected = await answerPart(folder, model, part);
  const half = { precision: "float16", attention } as const;
  const apart = difference(await answerPart(folder, model, part, half), expected);
  expect(apart).toBeLessThan(1e-2);
  // Equal numbers would mean that nothing was computed in float16.
  expect(apart).toBeGreaterThan(1e-5);
}

describe("the float16 target is near the exact one", () => {
  it.each(
    (["sd21", "sd35"] as const).flatMap((model) =>
      names.flatMap((part) =>
        (["fused", "decomposed"] as const).map((form) => [model, part, form] as const),
      ),
    ),
  )("for %s's %s with %s attention", check);
});

it("the float16 target collects and reuses maps as the exact one does", async () => {
  const { cells, levels, tensor } = fixtureNetwork("sd21.9x13");
  const { graph } = buildNetwork("sd21.9x13", { ...exact, precision: "float16" });
  const feeds = { sample: tensor("sample"), text: tensor("text"), timestep: 417 };
  const maps = new Map([...cells].map(([level, count]) => [level, tensor(`reused${count}`)]));
  const [collecting, mixing] = await callRepeatedly(graph, [
    denoiserFeeds({ ...feeds, collect: true }, levels),
    denoiserFeeds({ ...feeds, reuse: { weight: 0.6, maps } }, levels),
  ]);
  for (const [level, count] of cells)
    expect(farthest(collecting?.[`map_out_${level}`], tensor(`map${count}`))).toBeLessThan(5e-3);
  expect(difference(mixing?.["prediction"], tensor("mixed"))).toBeLessThan(1e-2);
});
