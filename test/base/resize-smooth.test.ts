// Smooth resizing against torch's antialiased bicubic, and what must hold for any picture.
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { resizeSmooth } from "../../daemon/base/resize-smooth.ts";
import { picture } from "../support/arbitrary-tensor.ts";
import { farthest } from "../support/compare.ts";
import { readTensors, tensorOf } from "../support/read-tensors.ts";

const tensors = readTensors(
  fileURLToPath(new URL("../sampler/fixtures/smooth.safetensors", import.meta.url)),
);
const names = [...tensors.keys()].filter((name) => name !== "smooth.in");

it.each(names)("a picture of 9x13 becomes torch's %s", (name) => {
  const expected = tensorOf(tensors, name);
  const [, , height = 0, width = 0] = expected.shape;
  const actual = resizeSmooth(tensorOf(tensors, "smooth.in"), { width, height });
  expect(actual.shape).toEqual(expected.shape);
  expect(farthest(actual, expected)).toBeLessThan(1e-5);
});

const side = fc.integer({ min: 1, max: 12 });

it("one colour stays that colour at any size", () => {
  fc.assert(
    fc.property(
      picture,
      side,
      side,
      fc.float({ min: -1, max: 1, noNaN: true }),
      (x, w, h, value) => {
        const flat = { ...x, data: x.data.map(() => value) };
        const { data } = resizeSmooth(flat, { width: w, height: h });
        expect(Math.max(...data.map((each) => Math.abs(each - value)))).toBeLessThan(1e-6);
      },
    ),
  );
});

it("a picture of the right size comes back as it is", () => {
  fc.assert(
    fc.property(picture, (x) => {
      const [, , height = 0, width = 0] = x.shape;
      expect(resizeSmooth(x, { width, height })).toBe(x);
    }),
  );
});
