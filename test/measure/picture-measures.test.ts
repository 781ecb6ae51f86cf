// What is measured between a large picture and a small one, on pictures whose answers are known.
import { describe, expect, it } from "vitest";
import { colourDistance } from "../../daemon/measure/colour-distance.ts";
import { findDiscs } from "../../daemon/measure/count-discs.ts";
import { layoutDistance } from "../../daemon/measure/layout-distance.ts";
import { lowFrequencyAgreement } from "../../daemon/measure/low-frequency-agreement.ts";
import { lumaOf, type Pixels } from "../../daemon/measure/luma.ts";
import { spectrumDistance } from "../../daemon/measure/spectrum-distance.ts";

type Paint = (x: number, y: number) => readonly [number, number, number];

/** `paint` sees the middle of each pixel, 0..1 along each side. */
function draw(side: number, paint: Paint): Pixels {
  const values = new Uint8Array(side * side * 3);
  for (let pixel = 0; pixel < side * side; pixel += 1)
    values.set(
      paint(((pixel % side) + 0.5) / side, (Math.floor(pixel / side) + 0.5) / side),
      pixel * 3,
    );
  return { width: side, height: side, channels: 3, values };
}

const grey = (value: number): readonly [number, number, number] => [value, value, value];
const waves: Paint = (x, y) =>
  grey(128 + 60 * Math.sin(9 * x + 4 * y) + 40 * Math.cos(21 * y - 5 * x));
/** The same four times along each side, each a quarter as large. */
const repeated: Paint = (x, y) => waves((4 * x) % 1, (4 * y) % 1);
const flipped: Paint = (x, y) => waves(1 - x, 1 - y);
const inverted: Paint = (x, y) => grey(255 - waves(x, y)[0]);

describe("low-frequency agreement", () => {
  const small = draw(32, waves);
  it.each([
    ["the same scene painted larger", waves, 35, 150],
    ["another layout", flipped, 0, 15],
    ["the scene repeated", repeated, 0, 15],
  ])("of %s is in its range", (_, paint, least, most) => {
    const agreement = lowFrequencyAgreement(draw(128, paint), small);
    expect(agreement).toBeGreaterThan(least);
    expect(agreement).toBeLessThan(most);
  });

  it("is the peak signal-to-noise ratio", () => {
    const ten = lowFrequencyAgreement(
      draw(8, () => grey(110)),
      draw(8, () => grey(100)),
    );
    expect(ten).toBeCloseTo(20 * Math.log10(25.5), 10);
  });
});

describe("layout distance", () => {
  it.each([
    ["the same scene painted larger", waves, 0],
    ["the negative", inverted, 2],
    ["a picture of one brightness", (): readonly [number, number, number] => grey(90), 1],
  ])("of %s is known", (_, paint, expected) => {
    expect(layoutDistance(draw(128, paint), draw(32, waves))).toBeCloseTo(expected, 2);
  });
});

describe("spectrum distance", () => {
  const distance = (paint: Paint): number =>
    spectrumDistance(lumaOf(draw(256, paint)), lumaOf(draw(64, waves))) as number;

  it("of the same scene painted larger is small, that of the scene repeated is not", () => {
    expect(distance(waves)).toBeLessThan(4);
    expect(distance(repeated)).toBeGreaterThan(8);
  });

  it("does not look at where things are", () => {
    expect(distance(flipped)).toBeCloseTo(distance(waves), 0);
  });
});

describe("colour distance", () => {
  const of = (one: readonly [number, number, number], other: readonly [number, number, number]) =>
    colourDistance(
      draw(9, () => one),
      draw(4, () => other),
    );

  // L*, a*, b* of sRGB's corners as the standards give them.
  it.each([
    ["black and white", grey(0), grey(255), 100],
    ["red and black", [255, 0, 0], grey(0), Math.hypot(53.24, 80.09, 67.2)],
    ["blue and white", [0, 0, 255], grey(255), Math.hypot(32.3 - 100, 79.19, -107.86)],
    ["a colour and itself", [12, 180, 77], [12, 180, 77], 0],
  ] as const)("of %s is that of CIELAB", (_, one, other, expected) => {
    expect(Math.abs(of(one, other) - expected)).toBeLessThan(0.5);
  });

  it("does not look at where things are", () => {
    expect(colourDistance(draw(32, waves), draw(32, flipped))).toBeCloseTo(0, 10);
  });
});

type Spot = readonly [x: number, y: number, radius: number];
/** A landscape under a sky that gets lighter, a halo around each disc. */
const night =
  (spots: readonly Spot[]): Paint =>
  (x, y) => {
    const below = y > 0.6 + 0.05 * Math.sin(20 * x) ? 40 : 60 + 70 * y;
    const lights = spots.map(([cx, cy, radius]) => {
      const beyond = Math.hypot(x - cx, y - cy) - radius;
      return beyond < 0 ? 235 : 90 * Math.exp(-beyond / 0.05) + below;
    });
    return grey(Math.min(240, Math.max(below, ...lights)));
  };

describe("suns and moons", () => {
  const check = (spots: readonly Spot[], side = 256): void => {
    const found = findDiscs(draw(side, night(spots))).map(({ x, y }) => [x / side, y / side]);
    expect(found).toHaveLength(spots.length);
    for (const [cx, cy] of spots)
      expect(found.some(([x = 0, y = 0]) => Math.hypot(x - cx, y - cy) < 0.01)).toBe(true);
  };

  it.each([
    [0, []],
    [1, [[0.3, 0.2, 0.06]]],
    [
      2,
      [
        [0.3, 0.2, 0.06],
        [0.8, 0.4, 0.02],
      ],
    ],
    [
      3,
      [
        [0.3, 0.2, 0.06],
        [0.8, 0.3, 0.03],
        [0.2, 0.8, 0.1],
      ],
    ],
  ] as readonly (readonly [number, readonly Spot[]])[])(
    "are %i where as many are painted",
    (_, spots) => check(spots),
  );

  it("are as many in a picture that is larger than what is looked at", () =>
    check(
      [
        [0.3, 0.2, 0.06],
        [0.8, 0.4, 0.03],
      ],
      800,
    ));

  it.each([
    [
      "a bar",
      (x: number, y: number) =>
        grey(Math.abs(x - 0.5) < 0.2 && Math.abs(y - 0.5) < 0.03 ? 240 : 40),
    ],
    [
      "a half disc",
      (x: number, y: number) => grey(y < 0.5 && Math.hypot(x - 0.5, y - 0.5) < 0.1 ? 240 : 40),
    ],
    [
      "a ring",
      (x: number, y: number) =>
        grey(Math.abs(Math.hypot(x - 0.5, y - 0.5) - 0.1) < 0.02 ? 240 : 40),
    ],
    ["a dark disc", (x: number, y: number) => grey(Math.hypot(x - 0.5, y - 0.5) < 0.1 ? 30 : 200)],
  ] as readonly (readonly [string, Paint])[])("%s is none", (_, paint) => {
    expect(findDiscs(draw(256, paint))).toEqual([]);
  });
});
