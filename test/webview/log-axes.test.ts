// The plane of the spectrum's plot.
import fc from "fast-check";
import { expect, it } from "vitest";
import { logAxes, type Series } from "../../extension/webview/results/log-axes.ts";

const series = (power: readonly number[]): Series => ({
  label: "",
  frequencies: Float64Array.from(power, (_, ring) => (ring + 1) / (2 * power.length)),
  power: Float64Array.from(power),
});

it("it holds whole decades and all frequencies", () => {
  const axes = logAxes([series([200, 3, 0.02, 0]), series([5, 1])]);
  expect(axes.powers).toEqual([-2, -1, 0, 1, 2, 3]);
  expect([axes.x(0.125), axes.x(0.25), axes.x(0.5)]).toEqual([0, 0.5, 1]);
  expect([axes.y(1000), axes.y(0.01), axes.y(0)]).toEqual([0, 1, 1]);
});

it("there is one without any series", () => {
  expect(logAxes([]).powers.length).toBeGreaterThan(1);
});

it("a place leads back to its frequency", () => {
  const axes = logAxes([series([4, 2, 1, 0.5, 0.3, 0.2, 0.1, 0.05])]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (x) => {
      expect(axes.x(axes.frequencyAt(x))).toBeCloseTo(x, 9);
    }),
  );
});
