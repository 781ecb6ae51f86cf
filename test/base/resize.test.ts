// Resizing against torch.nn.functional.interpolate, and what must hold for any picture.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resizeBilinear, resizeCells, resizeNearest } from "../../daemon/base/resize.ts";
import type { Size } from "../../daemon/base/size.ts";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { picture } from "../support/arbitrary-tensor.ts";
import { farthest } from "../support/compare.ts";
import { fixtureSizes, samplerFixture } from "../support/sampler-fixture.ts";

const ways = { bilinear: resizeBilinear, nearest: resizeNearest } as const;
const names = ["bilinear", "nearest"] as const;

function check(way: (typeof names)[number], text: string, to: Size): void {
  const actual = ways[way](samplerFixture("resize.in"), to);
  const expected = samplerFixture(`resize.${way}.${text}`);
  expect(actual.shape).toEqual(expected.shape);
  expect(farthest(actual, expected)).toBeLessThan(way === "nearest" ? 1e-12 : 1e-6);
}

describe.each(names)("%s resizing of 5x7 is torch's", (way) => {
  it.each(fixtureSizes(`resize.${way}.`))("to %s", (text, to) => check(way, text, to));
});

const size = fc.record({
  width: fc.integer({ min: 1, max: 12 }),
  height: fc.integer({ min: 1, max: 12 }),
});

const sizeOfPicture = ({ shape: [, , height = 0, width = 0] }: Tensor): Size => ({ width, height });

describe.each(names)("%s resizing", (way) => {
  it("to the same size changes nothing", () => {
    fc.assert(
      fc.property(picture, (x) => {
        expect(ways[way](x, sizeOfPicture(x))).toEqual(x);
      }),
    );
  });

  it("stays within the values that were there", () => {
    fc.assert(
      fc.property(picture, size, (x, to) => {
        const { data } = ways[way](x, to);
        const [least, most] = [Math.min(...x.data), Math.max(...x.data)];
        expect(Math.min(...data)).toBeGreaterThanOrEqual(least - 1e-4);
        expect(Math.max(...data)).toBeLessThanOrEqual(most + 1e-4);
      }),
    );
  });

  it("does every picture of a batch on its own", () => {
    fc.assert(
      fc.property(picture, size, (x, to) => {
        const [n = 0, c = 0, height = 0, width = 0] = x.shape;
        const plane = height * width;
        const whole = ways[way](x, to);
        const last = n * c - 1;
        const alone = ways[way](
          { shape: [1, 1, height, width], data: x.data.subarray(last * plane) },
          to,
        );
        expect(whole.data.subarray(last * to.width * to.height)).toEqual(alone.data);
      }),
    );
  });
});

// Torch's float32 falls just short of some whole numbers: 64 to 328 takes pixel 7, not 8, at place 41.
it.each([
  [64, 328],
  [96, 1312],
  [200, 1000],
  [512, 1024],
])("nearest takes torch's pixels from a line and from a column of %i for %i", (before, after) => {
  const data = Float32Array.from({ length: before }, (_, index) => index);
  const expected = samplerFixture(`places.${before}.${after}`).data;
  const line = resizeNearest({ shape: [1, 1, 1, before], data }, { width: after, height: 1 });
  const column = resizeNearest({ shape: [1, 1, before, 1], data }, { width: 1, height: after });
  expect([line.data, column.data]).toEqual([expected, expected]);
});

it("nearest enlargement by a whole factor is undone by taking every such pixel", () => {
  fc.assert(
    fc.property(picture, fc.integer({ min: 1, max: 8 }), (x, factor) => {
      const { width, height } = sizeOfPicture(x);
      const large = resizeNearest(x, { width: width * factor, height: height * factor });
      expect(resizeNearest(large, { width, height })).toEqual(x);
    }),
  );
});

it("cells of a grid are resized as that many pictures would be", () => {
  fc.assert(
    fc.property(picture, size, (x, to) => {
      const [n = 0, depth = 0] = x.shape;
      const from = sizeOfPicture(x);
      const cells = cellsLast(x, from);
      const expected = cellsLast(resizeBilinear(x, to), to);
      expect(resizeCells(cells, from, to)).toEqual({
        shape: [n, to.width * to.height, depth],
        data: expected.data,
      });
    }),
  );
});

/** [n, c, h, w] → [n, h·w, c]. */
function cellsLast({ shape: [n = 0, c = 0], data }: Tensor, { width, height }: Size): Tensor {
  const cells = width * height;
  const moved = data.map((_, index) => {
    const [item, rest] = [Math.floor(index / (c * cells)), index % (c * cells)];
    return data[(item * c + (rest % c)) * cells + Math.floor(rest / c)] ?? Number.NaN;
  });
  return { shape: [n, cells, c], data: moved };
}
