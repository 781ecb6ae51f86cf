// Where the line between before and after lies.
import fc from "fast-check";
import { expect, it } from "vitest";
import { lineAt, shareAt } from "../../extension/webview/results/slider.ts";

const viewport = { width: 400, height: 200 };

function placed(left: number, width: number) {
  return { left, width, top: 0, height: 200, scale: 1 };
}

it.each([
  ["at a picture's left edge", 0, placed(100, 200), 100],
  ["at its right edge", 1, placed(100, 200), 300],
  ["at the viewport's edge where the picture goes beyond", 1, placed(-50, 1000), 400],
  ["in the middle of what is seen", 0.5, placed(200, 1000), 300],
])("the line lies %s", (_, share, where, expected) =>
  expect(lineAt(share, where, viewport)).toBe(expected),
);

it("a drag beyond the picture ends at its edge", () => {
  expect(shareAt(20, placed(100, 200), viewport)).toBe(0);
  expect(shareAt(390, placed(100, 200), viewport)).toBe(1);
});

it("the line is where it was dragged to", () =>
  fc.assert(
    fc.property(
      fc.double({ min: -300, max: 399, noNaN: true }),
      fc.double({ min: 301, max: 2000, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (left, width, share) => {
        const where = placed(left, width);
        expect(shareAt(lineAt(share, where, viewport), where, viewport)).toBeCloseTo(share, 9);
      },
    ),
  ));
