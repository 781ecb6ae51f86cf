// Tiles: nothing changes where a tile's neighbours cannot matter, and diffusers' values where they do.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resizeNearest } from "../../daemon/base/resize.ts";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { vaeDecoder, vaeEncoder } from "../../daemon/models/vae.ts";
import { runTiled } from "../../daemon/sampler/tiling.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact, goldenConfig } from "../support/answer-parts.ts";
import { tensorOfShape } from "../support/arbitrary-tensor.ts";
import { callNetwork } from "../support/call-network.ts";
import { difference, farthest } from "../support/compare.ts";
import { golden } from "../support/read-golden.ts";
import { samplerFixture } from "../support/sampler-fixture.ts";

const side = fc.integer({ min: 1, max: 21 });
const picture = fc
  .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), side, side)
  .chain(tensorOfShape);
const tile = fc.constantFrom(4, 8, 12);

const enlarge = (factor: number) => async (x: Tensor) => {
  const [, , height = 0, width = 0] = x.shape;
  return resizeNearest(x, { width: width * factor, height: height * factor });
};

describe("tiling", () => {
  it("changes nothing for what looks at one cell at a time", async () => {
    await fc.assert(
      fc.asyncProperty(picture, tile, fc.constantFrom(1, 2, 8), async (x, input, factor) => {
        const sizes = { input, output: input * factor };
        const tiled = await runTiled(x, sizes, enlarge(factor));
        const whole = await enlarge(factor)(x);
        expect(tiled.shape).toEqual(whole.shape);
        expect(farthest(tiled, whole)).toBeLessThan(1e-4);
      }),
      { numRuns: 50 },
    );
  });

  it("leaves what comes in as it was", async () => {
    const x = { shape: [1, 1, 9, 9], data: Float32Array.from({ length: 81 }, (_, cell) => cell) };
    const before = Float32Array.from(x.data);
    await runTiled(x, { input: 4, output: 4 }, async (part) => ({
      ...part,
      data: part.data.map((value) => -value),
    }));
    expect(x.data).toEqual(before);
  });

  it("gives tiles of the asked size, smaller ones only at the right and at the bottom", async () => {
    const seen: (readonly number[])[] = [];
    const x = { shape: [2, 3, 9, 7], data: new Float32Array(2 * 3 * 9 * 7) };
    await runTiled(x, { input: 4, output: 4 }, async (part) => {
      seen.push(part.shape.slice(2));
      return part;
    });
    const rows = [4, 4, 3].map((height) => [4, 4, 1].map((width) => [height, width]));
    expect(seen).toEqual(rows.flat());
  });

  it("fades from one tile into the next over a quarter of it", async () => {
    const x = { shape: [1, 1, 1, 14], data: new Float32Array(14) };
    let tiles = 0;
    const { data } = await runTiled(x, { input: 8, output: 8 }, async (part) => {
      tiles += 1;
      return { ...part, data: part.data.map(() => tiles) };
    });
    expect([...data]).toEqual([1, 1, 1, 1, 1, 1, 1, 1.5, 2, 2, 2, 2, 2, 2.5]);
  });
});

const config = goldenConfig("sd21").vae;
const weights = scopeOf(findWeights(golden("models/sd21"), "vae", "fp32"));

it("decoding in tiles gives diffusers' picture", async () => {
  const graph = vaeDecoder(config, weights, exact);
  const decode = async (latent: Tensor) =>
    (await callNetwork(graph, { latent }))["image"] as Tensor;
  const tiled = await runTiled(samplerFixture("tiles.latent"), { input: 8, output: 64 }, decode);
  const expected = samplerFixture("tiles.decoded");
  expect(tiled.shape).toEqual(expected.shape);
  expect(difference(tiled, expected)).toBeLessThan(1e-4);
  const whole = await decode(samplerFixture("tiles.latent"));
  expect(difference(whole, expected)).toBeGreaterThan(1e-3);
});

it("encoding in tiles gives diffusers' moments", async () => {
  const graph = vaeEncoder(config, weights, exact);
  const encode = async (image: Tensor) =>
    (await callNetwork(graph, { image }))["moments"] as Tensor;
  const tiled = await runTiled(samplerFixture("tiles.image"), { input: 64, output: 8 }, encode);
  const expected = samplerFixture("tiles.moments");
  expect(tiled.shape).toEqual(expected.shape);
  expect(difference(tiled, expected)).toBeLessThan(1e-4);
});
