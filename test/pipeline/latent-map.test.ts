// Latents as colours: a fit finds the map that a picture was made with, and pictures shrink to the means of blocks.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LatentMap } from "../../daemon/base/latent-maps-file.ts";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { fitLatentMap, showLatent, showPicture } from "../../daemon/pipeline/latent-map.ts";
import { TorchRandom } from "../../daemon/sampler/torch-random.ts";

/** A picture whose blocks of `px` by `px` pixels have the colours that `map` gives to the cells, plus what cancels out. */
function paint({ shape, data }: Tensor, map: LatentMap, px: number): Tensor {
  const [n = 0, c = 0, h = 0, w = 0] = shape;
  const [tall, wide] = [h * px, w * px];
  const colourAt = (index: number): number => {
    const [x, y] = [index % wide, Math.floor(index / wide) % tall];
    const plane = Math.floor(index / (wide * tall));
    const cell = Math.floor(y / px) * w + Math.floor(x / px);
    const channelAt = (channel: number): number =>
      channel === c ? 1 : (data[(Math.floor(plane / 3) * c + channel) * h * w + cell] ?? 0);
    const weights = map[plane % 3] ?? [];
    const colour = weights.reduce((sum, weight, channel) => sum + weight * channelAt(channel), 0);
    return colour + ((x + y) % 2 === 0 ? 0.1 : -0.1);
  };
  const length = n * 3 * tall * wide;
  const out = Float32Array.from({ length }, (_, index) => colourAt(index));
  return { shape: [n, 3, tall, wide], data: out };
}

describe("a fit", () => {
  it("finds the map that the picture was made with", () => {
    const weight = fc.float({ min: -1, max: 1, noNaN: true });
    const map = fc.array(fc.array(weight, { minLength: 5, maxLength: 5 }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(map, fc.constantFrom(2, 4, 8), fc.nat(2 ** 32 - 1), (made, px, seed) => {
        const latent = new TorchRandom(seed).normal([2, 4, 5, 6]);
        const fitted = fitLatentMap(latent, paint(latent, made, px));
        for (const [colour, weights] of fitted.entries())
          for (const [channel, value] of weights.entries())
            expect(value).toBeCloseTo(made[colour]?.[channel] ?? Number.NaN, 4);
      }),
      { numRuns: 30 },
    );
  });

  it("gives a channel that says nothing no weight", () => {
    const latent = new TorchRandom(1).normal([1, 2, 8, 8]);
    latent.data.fill(0, 64);
    const [red] = fitLatentMap(
      latent,
      paint(
        latent,
        [
          [0.5, 0, 0.1],
          [0, 0, 0],
          [0, 0, 0],
        ],
        2,
      ),
    );
    expect(red?.map((value) => Number(value.toFixed(4)))).toEqual([0.5, 0, 0.1]);
  });
});

it("a latent is shown with a pixel for each cell, its first image only, in 0 to 255", () => {
  const latent = { shape: [2, 1, 1, 3], data: Float32Array.of(-9, 0, 9, 1, 1, 1) };
  const map = [
    [1, 0],
    [0, 1],
    [0.5, -0.5],
  ] as const;
  expect(showLatent(latent, map)).toEqual({
    width: 3,
    height: 1,
    rgb: Uint8Array.of(0, 255, 0, 128, 255, 64, 255, 255, 255),
  });
});

it("a picture shrinks by whole factors to what was asked for", () => {
  const data = Float32Array.from({ length: 3 * 4 * 6 }, (_, index) => (index < 24 ? 1 : -1));
  const { width, height, rgb } = showPicture({ shape: [1, 3, 4, 6], data }, 3);
  expect({ width, height }).toEqual({ width: 3, height: 2 });
  expect([...rgb.subarray(0, 3)]).toEqual([255, 0, 0]);
});
