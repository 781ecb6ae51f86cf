// Where the boxes of stages stand.
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Extent, placeStages, sayGrowth } from "../../extension/webview/plan/place-stages.ts";

const room = { width: 700, height: 200, gap: 56, mostGap: 110, column: 92 };

const square = (side: number): Extent => ({ width: side, height: side });

it("boxes are to one scale and stand on the ground", () => {
  const boxes = placeStages([square(128), square(256), square(512)], room);
  expect(boxes.map(({ width, height }) => [width, height])).toEqual([
    [50, 50],
    [100, 100],
    [200, 200],
  ]);
  for (const { y, height } of boxes) expect(y + height).toBe(200);
});

it("the whole stands in the middle", () => {
  const [box] = placeStages([square(512)], room);
  expect(box).toEqual({ x: 250, y: 0, width: 200, height: 200 });
});

const sizes = fc.array(
  fc.record({
    width: fc.integer({ min: 64, max: 8192 }),
    height: fc.integer({ min: 64, max: 8192 }),
  }),
  { minLength: 1, maxLength: 4 },
);

it("no box leaves the room, and none touches another, whatever the sizes", () =>
  fc.assert(
    fc.property(sizes, fc.integer({ min: 620, max: 900 }), (stages, width) => {
      const boxes = placeStages(stages, { ...room, width });
      const scale = (boxes[0]?.width ?? 0) / (stages[0]?.width ?? 1);
      for (const [index, { x, y, width: wide, height }] of boxes.entries()) {
        expect(x).toBeGreaterThanOrEqual(-1e-6);
        expect(x + wide).toBeLessThanOrEqual(width + 1e-6);
        expect(y).toBeGreaterThanOrEqual(-1e-6);
        expect(y + height).toBeCloseTo(room.height, 6);
        expect(wide / (stages[index]?.width ?? 1)).toBeCloseTo(scale, 9);
        const next = boxes[index + 1];
        if (next !== undefined) expect(next.x - (x + wide)).toBeGreaterThanOrEqual(room.gap - 1e-6);
      }
    }),
  ));

it.each([
  [square(128), square(256), "×2"],
  [square(512), square(768), "×1.5"],
  [{ width: 256, height: 128 }, { width: 512, height: 384 }, "×2, ×3"],
])("from %o to %o it grows %s", (from, to, words) => expect(sayGrowth(from, to)).toBe(words));
