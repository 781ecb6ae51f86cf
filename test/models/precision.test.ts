// The float16 target: what a GPU is given. The CPU computes it too, casting around what it has no kernel for.
import { describe, expect, it } from "vitest";
import { answerPart, exact, type PartName, parts } from "../support/answer-parts.ts";
import { callRepeatedly, denoiserFeeds } from "../support/call-network.ts";
import { difference, farthest } from "../support/compare.ts";
import { buildUNet, fixtureUNet } from "../support/fixture-unets.ts";
import { golden } from "../support/read-golden.ts";

const names = Object.keys(parts) as readonly PartName[];
const folder = golden("models/sd21");

async function check(part: PartName, attention: "fused" | "decomposed"): Promise<void> {
  const expected = await answerPart(folder, "sd21", part);
  const half = { precision: "float16", attention } as const;
  const apart = difference(await answerPart(folder, "sd21", part, half), expected);
  expect(apart).toBeLessThan(1e-2);
  // Equal numbers would mean that nothing was computed in float16.
  expect(apart).toBeGreaterThan(1e-5);
}

describe("the float16 target is near the exact one", () => {
  it.each(
    names.flatMap((part) =>
      (["fused", "decomposed"] as const).map((form) => [part, form] as const),
    ),
  )("for the %s with %s attention", check);
});

it("the float16 target collects and reuses maps as the exact one does", async () => {
  const { cells, levels, tensor } = fixtureUNet("sd21.9x13");
  const { graph } = buildUNet("sd21.9x13", { ...exact, precision: "float16" });
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
