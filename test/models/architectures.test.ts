// UNets and VAEs of several architectures and odd sizes against diffusers' answers, within 1e-4 of the largest magnitude.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readVaeConfig } from "../../daemon/config/vae-config.ts";
import { vaeDecoder, vaeEncoder } from "../../daemon/models/vae.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "../support/answer-parts.ts";
import { callNetwork } from "../support/call-network.ts";
import { difference } from "../support/compare.ts";
import {
  buildNetwork,
  fixtureNetwork,
  modelFixture,
  type NetworkCase,
  networkCases,
} from "../support/fixture-networks.ts";
import { golden } from "../support/read-golden.ts";
import { readTensors, tensorOf } from "../support/read-tensors.ts";

async function check(of: NetworkCase, attention: "fused" | "decomposed"): Promise<void> {
  const { call, tensor } = fixtureNetwork(of, attention);
  const { prediction } = await call();
  expect(prediction?.shape).toEqual(tensor("sample").shape);
  expect(difference(prediction, tensor("plain"))).toBeLessThan(1e-4);
}

describe("the UNet's prediction is diffusers'", () => {
  it.each([
    ...networkCases.map((of) => [of, "fused"] as const),
    ["lists.9x6", "decomposed"] as const,
    ["uneven.9x6", "decomposed"] as const,
  ])("for %s with %s attention", check);
});

it.each(["lists.8x8", "plain-top.8x8", "one-level.8x8", "uneven.8x8"] as const)(
  "the UNet of %s asks for every tensor that diffusers saved",
  (of) => expect(buildNetwork(of, exact).weights.unusedKeys()).toEqual([]),
);

it.each([
  ["lists.8x8", [0, 1]],
  ["plain-top.8x8", [1, 2]],
  ["one-level.8x8", [0]],
  ["uneven.8x8", [0, 1, 2]],
  ["sd21.9x13", [0, 1, 2]],
] as const)("the UNet of %s has cross-attention at levels %j", (of, expected) => {
  expect(fixtureNetwork(of).levels).toEqual(expected);
});

const vaes = readTensors(modelFixture("vaes.safetensors"));
const readText = (path: string): string => readFileSync(path, "utf8");

describe.each([
  ["bare", modelFixture("bare")],
  ["sd21", golden("models/sd21")],
])("the VAE of %s", (name, folder) => {
  const tensor = (part: string): Tensor => tensorOf(vaes, `${name}.${part}`);
  const config = readVaeConfig(folder, readText);
  const weights = scopeOf(findWeights(folder, "vae", "fp32"));

  it("encodes two pictures of odd latent sides as diffusers does", async () => {
    const graph = vaeEncoder(config, weights, exact);
    const { moments } = await callNetwork(graph, { image: tensor("image") });
    expect(moments?.shape).toEqual(tensor("moments").shape);
    expect(difference(moments, tensor("moments"))).toBeLessThan(1e-4);
  });

  it("decodes two latents of odd sides as diffusers does", async () => {
    const graph = vaeDecoder(config, weights, exact);
    const { image } = await callNetwork(graph, { latent: tensor("latent") });
    expect(image?.shape).toEqual(tensor("decoded").shape);
    expect(difference(image, tensor("decoded"))).toBeLessThan(1e-4);
  });

  it("asks for every tensor that diffusers saved", () => {
    const all = scopeOf(findWeights(folder, "vae", "fp32"));
    vaeEncoder(config, all, exact);
    vaeDecoder(config, all, exact);
    expect(all.unusedKeys()).toEqual([]);
  });
});
