// Where the points, jumps and ticks of the noise plot are.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  alphaBarAt,
  type NoiseValue,
  plotNoise,
  sigmaAt,
} from "../../extension/webview/plan/plot-noise.ts";

const frame = { left: 50, top: 40, width: 600, height: 200 };
const points = (...values: readonly NoiseValue["logSnr"][]) => values.map((logSnr) => ({ logSnr }));

it("a stage rises, and the next one begins lower, right behind it", () => {
  const { bands, jumps } = plotNoise([points(-4, 0, 4), points(0, 4)], frame);
  expect(bands.map(({ x, width }) => [x, width])).toEqual([
    [50, 360],
    [410, 240],
  ]);
  // From −4 to 4, so that a point of 0 is in the middle of 200 pixels.
  expect(bands[0]?.points).toEqual([
    { x: 110, y: 240 },
    { x: 230, y: 140 },
    { x: 350, y: 40 },
  ]);
  expect(jumps).toEqual([{ into: 1, from: { x: 350, y: 40 }, to: { x: 470, y: 140 } }]);
});

it("ticks are even numbers with 0 among them, each at its height", () => {
  const { ticks } = plotNoise([points(-3.4, 3)], frame);
  expect(ticks.map(({ logSnr }) => logSnr)).toEqual([-4, -2, 0, 2, 4]);
  expect(ticks.map(({ y }) => y)).toEqual([240, 190, 140, 90, 40]);
});

it("noise alone and a finished picture stand at the plot's ends", () => {
  const { bands } = plotNoise([points("noise", 0, "picture")], frame);
  const ys = bands[0]?.points.map(({ y }) => y) ?? [];
  for (const y of ys) expect(Number.isFinite(y)).toBe(true);
  expect(ys[1]).toBe(140);
  expect((ys[0] ?? 0) + (ys[2] ?? 0)).toBe(280);
});

it("a stage of few steps has room for its timesteps", () => {
  const { bands } = plotNoise([points(...Array(98).fill(0)), points(0, 1)], frame);
  expect(bands.map(({ width }) => width)).toEqual([516, 84]);
});

it("stages that are not sampled have no band, and what follows keeps its number", () => {
  const { bands, jumps } = plotNoise([[], points(2), points(0, 3)], frame);
  expect(bands.map(({ stage }) => stage)).toEqual([1, 2]);
  expect(jumps.map(({ into }) => into)).toEqual([2]);
});

const stages = fc.array(
  fc.array(fc.record({ logSnr: fc.double({ noNaN: true }) }), { maxLength: 40 }),
  { minLength: 1, maxLength: 6 },
);

it("whatever the schedule, all is inside the frame and the bands fill it", () =>
  fc.assert(
    fc.property(stages, (all) => {
      const { bands } = plotNoise(all, frame);
      const width = bands.reduce((sum, band) => sum + band.width, 0);
      if (bands.length > 0) expect(width).toBeCloseTo(frame.width, 6);
      for (const band of bands)
        for (const { x, y } of band.points) {
          expect(x).toBeGreaterThanOrEqual(band.x);
          expect(x).toBeLessThanOrEqual(band.x + band.width);
          expect(y).toBeGreaterThanOrEqual(frame.top - 1e-6);
          expect(y).toBeLessThanOrEqual(frame.top + frame.height + 1e-6);
        }
    }),
  ));

it("the right axis says ᾱ and σ of the left one's log-SNR", () => {
  for (const logSnr of [-6, -1, 0, 2.5]) {
    const alphaBar = alphaBarAt(logSnr);
    expect(Math.log(alphaBar / (1 - alphaBar))).toBeCloseTo(logSnr, 9);
    const sigma = sigmaAt(logSnr);
    expect(2 * Math.log((1 - sigma) / sigma)).toBeCloseTo(logSnr, 9);
  }
});
