// Zoom and pan as arithmetic.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Frame,
  panBy,
  placePicture,
  type Zoom,
  zoomBy,
  zoomTo,
} from "../../extension/webview/results/zoom.ts";

const fit: Zoom = { kind: "fit" };

/** A viewport of 424 × 224 CSS pixels: 400 × 200 beside the margin. */
function frame(picture: readonly [number, number], pixelRatio = 1): Frame {
  const [width, height] = picture;
  return { viewport: { width: 424, height: 224 }, picture: { width, height }, pixelRatio };
}

function check(zoom: Zoom, of: Frame, expected: object): void {
  expect(placePicture(zoom, of)).toEqual(expected);
}

it("shows the whole of a large picture in the middle, with a margin", () =>
  check(fit, frame([800, 800]), { left: 112, top: 12, width: 200, height: 200, scale: 0.25 }));

it("shows a small picture at twice its size at most", () =>
  check(fit, frame([50, 20]), { left: 162, top: 92, width: 100, height: 40, scale: 2 }));

it("shows 100 % as one screen pixel a picture's pixel on any screen", () =>
  check({ kind: "scale", scale: 1, x: 0.5, y: 0.5 }, frame([800, 400], 2), {
    left: 12,
    top: 12,
    width: 400,
    height: 200,
    scale: 1,
  }));

it("keeps a picture's edge from coming into the viewport", () =>
  check({ kind: "scale", scale: 1, x: 0, y: 1 }, frame([1000, 1000]), {
    left: 0,
    top: -776,
    width: 1000,
    height: 1000,
    scale: 1,
  }));

it("moves no picture that is shown as a whole", () =>
  expect(panBy(fit, frame([800, 800]), { x: 50, y: 50 })).toEqual(fit));

it("moves by what it is told, and back at once after a move beyond the edge", () => {
  const of = frame([1000, 1000]);
  const middle: Zoom = { kind: "scale", scale: 1, x: 0.5, y: 0.5 };
  expect(placePicture(panBy(middle, of, { x: 10, y: -20 }), of)).toMatchObject({
    left: -278,
    top: -408,
  });
  const beyond = panBy(middle, of, { x: 5000, y: 0 });
  expect(placePicture(panBy(beyond, of, { x: -10, y: 0 }), of).left).toBeCloseTo(-10, 9);
});

const scales = fc.double({ min: 0.05, max: 30, noNaN: true });
const shares = fc.double({ min: 0, max: 1, noNaN: true });

it("keeps what lies under the pointer where it is, where the picture fills the viewport before and after", () =>
  fc.assert(
    fc.property(scales, scales, shares, shares, (scale, next, x, y) => {
      const of = frame([4000, 3000]);
      const zoom: Zoom = { kind: "scale", scale: 0.3 + scale, x: 0.5, y: 0.5 };
      const point = { x: 424 * x, y: 224 * y };
      const before = placePicture(zoom, of);
      const after = placePicture(zoomTo(zoom, of, { scale: 0.3 + scale + next, point }), of);
      expect((point.x - after.left) / after.width).toBeCloseTo(
        (point.x - before.left) / before.width,
        6,
      );
      expect((point.y - after.top) / after.height).toBeCloseTo(
        (point.y - before.top) / before.height,
        6,
      );
    }),
  ));

it("never lets a picture leave the viewport", () =>
  fc.assert(
    fc.property(
      scales,
      shares,
      shares,
      fc.double({ min: -9e3, max: 9e3, noNaN: true }),
      (scale, x, y, by) => {
        const of = frame([640, 480]);
        const zoom = panBy(zoomBy({ kind: "scale", scale, x, y }, of, { factor: 1.3 }), of, {
          x: by,
          y: -by,
        });
        const { left, top, width, height } = placePicture(zoom, of);
        expect(left).toBeLessThanOrEqual(Math.max(0, (424 - width) / 2) + 1e-9);
        expect(top).toBeLessThanOrEqual(Math.max(0, (224 - height) / 2) + 1e-9);
        expect(left + width).toBeGreaterThanOrEqual(Math.min(424, (424 + width) / 2) - 1e-9);
        expect(top + height).toBeGreaterThanOrEqual(Math.min(224, (224 + height) / 2) - 1e-9);
      },
    ),
  ));
