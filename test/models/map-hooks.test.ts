// Maps of a network's looks at the text, out of it and into it, against diffusers with a plain attention that keeps and mixes them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { mapOutput } from "../../daemon/models/map-hooks.ts";
import { openNetwork } from "../../daemon/runtime/open-network.ts";
import { exact } from "../support/answer-parts.ts";
import { denoiserFeeds } from "../support/call-network.ts";
import { difference, farthest } from "../support/compare.ts";
import {
  buildNetwork,
  type FixtureNetwork,
  fixtureNetwork,
  type NetworkCase,
  networkCases,
} from "../support/fixture-networks.ts";

/** The reference's made-up maps by level. */
const reusedMaps = ({ cells, tensor }: FixtureNetwork): ReadonlyMap<number, Tensor> =>
  new Map([...cells].map(([level, count]) => [level, tensor(`reused${count}`)]));

async function check(of: NetworkCase, attention: "fused" | "decomposed"): Promise<void> {
  const network = fixtureNetwork(of, attention);
  const { call, cells, tensor } = network;
  const collecting = await call({ collect: true });
  for (const [level, count] of cells)
    expect(farthest(collecting[mapOutput(level)], tensor(`map${count}`)), `${level}`).toBeLessThan(
      1e-5,
    );
  expect(difference(collecting["prediction"], tensor("plain"))).toBeLessThan(1e-4);
  const mixing = await call({ reuse: { weight: 0.6, maps: reusedMaps(network) } });
  expect(difference(mixing["prediction"], tensor("mixed"))).toBeLessThan(1e-4);
  expect(difference(tensor("mixed"), tensor("plain"))).toBeGreaterThan(1e-3);
}

describe("maps are softmax means, and reused ones are mixed in", () => {
  it.each([
    ...networkCases.map((of) => [of, "fused"] as const),
    ["lists.9x6", "decomposed"] as const,
    ["sd35.10x14", "decomposed"] as const,
  ])("in %s with %s attention", check);
});

const cases = ["lists.9x6", "plain-top.8x8", "sd21.9x13", "sd35.10x14"] as const;

it.each(cases)("each row of a map of %s is a distribution over the tokens", async (of) => {
  const { call, levels, tensor } = fixtureNetwork(of);
  const outputs = await call({ collect: true });
  const [, tokens = 0] = tensor("text").shape;
  for (const level of levels) {
    const { data, shape } = outputs[mapOutput(level)] as Tensor;
    expect(shape).toEqual([2, data.length / 2 / tokens, tokens]);
    for (let row = 0; row < data.length; row += tokens) {
      const part = data.subarray(row, row + tokens);
      expect(part.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    }
  }
});

it.each(cases)("a call of %s that does not collect gives empty maps", async (of) => {
  const { call, levels } = fixtureNetwork(of);
  const outputs = await call();
  for (const level of levels)
    expect(outputs[mapOutput(level)]).toEqual({ shape: [0, 0, 0], data: new Float32Array() });
});

it.each(cases)("collecting does not change a prediction of %s, to the bit", async (of) => {
  const { call } = fixtureNetwork(of);
  const plain = await call();
  const collecting = await call({ collect: true });
  expect(difference(collecting["prediction"], plain["prediction"] as Tensor)).toBe(0);
});

it.each(cases)("maps of weight 0 leave a prediction of %s as it is, to the bit", async (of) => {
  const network = fixtureNetwork(of);
  const plain = await network.call();
  const mixed = await network.call({ reuse: { weight: 0, maps: reusedMaps(network) } });
  expect(difference(mixed["prediction"], plain["prediction"] as Tensor)).toBe(0);
});

it.each(cases)("a call of %s that reuses maps collects its own, not those", async (of) => {
  const network = fixtureNetwork(of);
  const { call, levels, cells, tensor } = network;
  const [level = 0] = levels;
  const reuse = { weight: 0.6, maps: reusedMaps(network) };
  const own = (await call({ collect: true }))[mapOutput(level)] as Tensor;
  const after = (await call({ collect: true, reuse }))[mapOutput(level)];
  const toOwn = farthest(after, own);
  expect(toOwn).toBeGreaterThan(1e-6);
  expect(toOwn).toBeLessThan(farthest(after, tensor(`reused${cells.get(level)}`)));
});

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
}

/** Names of the nodes that ran. */
async function nodesRun(collect: boolean): Promise<readonly string[]> {
  const folder = mkdtempSync(`${tmpdir()}/profile-`);
  try {
    const { graph, levels } = buildNetwork("sd21.9x13", exact);
    const { tensor } = fixtureNetwork("sd21.9x13");
    const feeds = { sample: tensor("sample"), text: tensor("text"), timestep: 417, collect };
    const profile = `${folder}/call`;
    const options = {
      provider: "cpu",
      threads: 1,
      workspace: "release",
      preparation: "full",
      profile,
    } as const;
    const network = await openNetwork(graph, options);
    await network.run(denoiserFeeds(feeds, levels));
    await network.dispose();
    const [file = ""] = readdirSync(folder);
    const events = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as readonly ProfileEvent[];
    return events.filter(({ cat }) => cat === "Node").map(({ name }) => name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  [true, "run"],
  [false, "do not run"],
])("when collecting is %s, the nodes that make maps %s", async (collect) => {
  const names = await nodesRun(collect);
  const inBranch = names.filter((name) => name.includes("then#"));
  expect(names.length).toBeGreaterThan(100);
  expect(inBranch.some((name) => name.includes("Softmax"))).toBe(collect);
  expect(inBranch.length > 0).toBe(collect);
});
