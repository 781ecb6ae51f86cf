// Spectra against numpy's, and what must hold for any picture.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fourier } from "../../daemon/measure/fourier.ts";
import { lumaOf } from "../../daemon/measure/luma.ts";
import { radialSpectrum } from "../../daemon/measure/radial-spectrum.ts";
import { spectrumSlope } from "../../daemon/measure/spectrum-slope.ts";

interface Case {
  readonly width: number;
  readonly height: number;
  readonly rgb: readonly number[];
  readonly power: readonly number[];
  readonly slope: number | null;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("spectra.json", import.meta.url), "utf8"),
);
const all = { from: 0, to: 1 };

function check({ width, height, rgb, power, slope }: Case): void {
  const values = Uint8Array.from(rgb);
  const actual = radialSpectrum(lumaOf({ width, height, channels: 3, values }));
  expect(actual.power.length).toBe(power.length);
  for (const [ring, expected] of power.entries()) {
    expect(actual.frequencies[ring]).toBe((ring + 1) / Math.min(width, height));
    expect(Math.abs((actual.power[ring] as number) / expected - 1)).toBeLessThan(1e-10);
  }
  if (slope === null) expect(spectrumSlope(actual, all)).toBe(null);
  else expect(spectrumSlope(actual, all)).toBeCloseTo(slope, 10);
}

describe("the radial spectrum is numpy's", () => {
  it.each(cases)("for a picture of $width by $height", check);
});

describe("the Fourier transform", () => {
  const line = fc.integer({ min: 1, max: 40 }).chain((length) =>
    fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
      minLength: 2 * length,
      maxLength: 2 * length,
    }),
  );

  it("is the sum that it is defined as, at any length", () => {
    fc.assert(
      fc.property(line, (values) => {
        const length = values.length / 2;
        const [real, imaginary] = [values.slice(0, length), values.slice(length)];
        const [re, im] = [Float64Array.from(real), Float64Array.from(imaginary)];
        fourier(length)(re, im);
        for (let k = 0; k < length; k += 1) {
          const angles = real.map((_, n) => (-2 * Math.PI * ((k * n) % length)) / length);
          const sum = (of: (angle: number, n: number) => number): number =>
            angles.reduce((before, angle, n) => before + of(angle, n), 0);
          const [x, y] = [real, imaginary] as const;
          const at = (parts: readonly number[], n: number): number => parts[n] as number;
          const wantedRe = sum((a, n) => at(x, n) * Math.cos(a) - at(y, n) * Math.sin(a));
          const wantedIm = sum((a, n) => at(x, n) * Math.sin(a) + at(y, n) * Math.cos(a));
          expect(Math.abs((re[k] as number) - wantedRe)).toBeLessThan(1e-9);
          expect(Math.abs((im[k] as number) - wantedIm)).toBeLessThan(1e-9);
        }
      }),
    );
  });
});

describe("the slope", () => {
  const spectrum = {
    frequencies: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5),
    power: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5).map((frequency) => 7 * frequency ** -2),
  };

  it("of power that falls as 1/f² is −2", () => {
    expect(spectrumSlope(spectrum, all)).toBeCloseTo(-2, 12);
  });

  it.each([
    [{ from: 0.2, to: 0.3 }, true],
    [{ from: 0.2, to: 0.29 }, false],
  ])("of the range %j is there: %s", (range, isThere) => {
    expect(spectrumSlope(spectrum, range) !== null).toBe(isThere);
  });
});
