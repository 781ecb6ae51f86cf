// Merging and resizing cross-attention maps against torch, and what must hold for any maps.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resizeBilinear } from "../../daemon/base/resize.ts";
import type { Size } from "../../daemon/base/size.ts";
import {
  type AttentionMap,
  gridOf,
  type MapResize,
  mergeMaps,
  resizeMap,
} from "../../daemon/sampler/attention-maps.ts";
import { tensorOfShape } from "../support/arbitrary-tensor.ts";
import { farthest } from "../support/compare.ts";
import { fixtureSizes, samplerFixture } from "../support/sampler-fixture.ts";

const hows = ["picture", "matrix"] as const;
const fixture: AttentionMap = { grid: { height: 3, width: 5 }, map: samplerFixture("maps.in") };

function check(how: MapResize, text: string, to: Size): void {
  const actual = resizeMap(fixture, to, how);
  const expected = samplerFixture(`maps.${how}.${text}`);
  expect(actual.shape).toEqual(expected.shape);
  expect(farthest(actual, expected)).toBeLessThan(1e-6);
}

describe.each(hows)("maps of 3x5 resized as a %s are torch's", (how) => {
  it.each(fixtureSizes(`maps.${how}.`))("at %s", (text, to) => check(how, text, to));
});

it("the two ways differ as soon as both sides grow", () => {
  const to = { height: 6, width: 10 };
  const both = hows.map((how) => resizeMap(fixture, to, how)) as [never, never];
  expect(farthest(both[0], both[1])).toBeGreaterThan(1e-2);
});

const side = fc.integer({ min: 1, max: 6 });
const mapOf = (grid: Size, tokens = 3): fc.Arbitrary<AttentionMap> =>
  tensorOfShape([2, grid.height * grid.width, tokens]).map((map) => ({ grid, map }));
const anyMap = fc.record({ width: side, height: side }).chain((grid) => mapOf(grid));
const how = fc.constantFrom(...hows);

it("resizing to the same grid changes nothing", () => {
  fc.assert(
    fc.property(anyMap, how, (map, way) => {
      expect(resizeMap(map, map.grid, way)).toEqual(map.map);
    }),
  );
});

it("rows that sum to one still do after resizing and merging", () => {
  const isOne = (data: Float32Array): void => {
    for (let row = 0; row < data.length; row += 4)
      expect(data.subarray(row, row + 4).reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
  };
  fc.assert(
    fc.property(side, side, how, (width, height, way) => {
      const map = resizeMap(fixture, { width, height }, way);
      isOne(map.data);
      isOne(mergeMaps([fixture, { grid: { width, height }, map }], way).map.data);
    }),
  );
});

it("one level merges to itself", () => {
  fc.assert(
    fc.property(anyMap, how, (map, way) => {
      expect(mergeMaps([map], way)).toEqual(map);
    }),
  );
});

it("merging takes the largest grid, whatever the order", () => {
  const grids = [
    { width: 5, height: 3 },
    { width: 3, height: 2 },
    { width: 2, height: 1 },
  ];
  fc.assert(
    fc.property(fc.tuple(...grids.map((grid) => mapOf(grid))), how, (maps, way) => {
      const merged = mergeMaps(maps, way);
      const turned = mergeMaps([...maps].reverse(), way);
      expect(merged.grid).toEqual(grids[0]);
      expect(turned.grid).toEqual(grids[0]);
      expect(farthest(turned.map, merged.map)).toBeLessThan(1e-4);
    }),
  );
});

it("merging is the mean of the levels at the largest one's size", () => {
  const small = { width: 2, height: 1 };
  const smallMap = { shape: [1, 2, 1], data: Float32Array.of(0, 1) };
  const large = { width: 4, height: 1 };
  const largeMap = { shape: [1, 4, 1], data: Float32Array.of(1, 1, 0, 0) };
  const maps = [
    { grid: small, map: smallMap },
    { grid: large, map: largeMap },
  ];
  expect([...mergeMaps(maps, "picture").map.data]).toEqual([0.5, 0.625, 0.375, 0.5]);
  const torch = resizeBilinear({ shape: [1, 1, 1, 2], data: smallMap.data }, large);
  expect([...torch.data]).toEqual([0, 0.25, 0.75, 1]);
});

it.each([
  [{ width: 64, height: 48 }, 0, { width: 64, height: 48 }],
  [{ width: 64, height: 48 }, 3, { width: 8, height: 6 }],
  [{ width: 13, height: 9 }, 1, { width: 7, height: 5 }],
  [{ width: 13, height: 9 }, 2, { width: 4, height: 3 }],
  [{ width: 1, height: 2 }, 3, { width: 1, height: 1 }],
])("the grid of %j at level %i halves and rounds up: %j", (latent, level, expected) => {
  expect(gridOf(latent, level)).toEqual(expected);
});
