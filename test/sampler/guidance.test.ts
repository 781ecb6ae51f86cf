// Guidance: frequency-aware against the published code's numbers, and what each kind must be equal to.
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { StageGuidance } from "../../daemon/plan/plan.ts";
import { guide } from "../../daemon/sampler/guidance.ts";
import { tensorOfShape } from "../support/arbitrary-tensor.ts";
import { farthest } from "../support/compare.ts";
import { readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";

const cases = readGolden("facfg.safetensors");
const part = (name: string): Tensor => tensorOf(cases, name);

for (const [name, lowSize] of [
  ["half", { height: 16, width: 24 }],
  ["odd", { height: 12, width: 20 }],
] as const)
  test(`frequency-aware guidance over the ${name} size gives the reference's values`, () => {
    const actual = guide(
      { uncond: part("uncond"), cond: part("cond") },
      { kind: "frequency", high: 35, low: 7.5, lowSize },
    );
    expect(farthest(actual, part(`${name}.guided`))).toBeLessThan(1e-4 * 35);
  });

const shape = [1, 2, 6, 4];
const prediction = tensorOfShape(shape);
const scale = fc.double({ min: 0, max: 40, noNaN: true });
const lowSize = fc.record({
  width: fc.integer({ min: 1, max: 4 }),
  height: fc.integer({ min: 1, max: 6 }),
});
/** Values reach 100 and weights 40. */
const near = 1e-2;

const constant = (value: number): Tensor => ({
  shape,
  data: new Float32Array(48).fill(value),
});

describe("guidance", () => {
  it.each<StageGuidance>([
    { kind: "none" },
    { kind: "cfg", scale: 7.5 },
    { kind: "frequency", high: 35, low: 7.5, lowSize: { width: 2, height: 3 } },
  ])("of %j is the answer with the text where there is no other", (guidance) => {
    const cond = constant(3);
    expect(guide({ uncond: null, cond }, guidance)).toBe(cond);
  });

  it("of none is the answer with the text", () => {
    const cond = constant(3);
    expect(guide({ uncond: constant(1), cond }, { kind: "none" })).toBe(cond);
  });

  it.each([
    [0, 2],
    [1, 5],
    [7.5, 24.5],
    [-1, -1],
  ])("of scale %f goes from 2 by way of 5 to %f", (by, expected) => {
    const guided = guide({ uncond: constant(2), cond: constant(5) }, { kind: "cfg", scale: by });
    expect(guided).toEqual(constant(expected));
  });
});

describe("guidance by frequencies", () => {
  it("with equal weights is ordinary guidance", () => {
    fc.assert(
      fc.property(prediction, prediction, scale, lowSize, (uncond, cond, by, size) => {
        const plain = guide({ uncond, cond }, { kind: "cfg", scale: by });
        const weights = { kind: "frequency", high: by, low: by, lowSize: size } as const;
        expect(farthest(guide({ uncond, cond }, weights), plain)).toBeLessThan(near);
      }),
    );
  });

  it("over the own size has a low band only", () => {
    fc.assert(
      fc.property(prediction, prediction, scale, (uncond, cond, low) => {
        const plain = guide({ uncond, cond }, { kind: "cfg", scale: low });
        const size = { width: 4, height: 6 };
        const weights = { kind: "frequency", high: 1000, low, lowSize: size } as const;
        expect(farthest(guide({ uncond, cond }, weights), plain)).toBeLessThan(near);
      }),
    );
  });

  it("of equal answers is that answer, whatever the weights", () => {
    fc.assert(
      fc.property(prediction, scale, scale, lowSize, (x, high, low, size) => {
        const weights = { kind: "frequency", high, low, lowSize: size } as const;
        expect(farthest(guide({ uncond: x, cond: x }, weights), x)).toBeLessThan(near);
      }),
    );
  });

  it("without a low weight leaves the low band out altogether", () => {
    fc.assert(
      fc.property(prediction, prediction, scale, lowSize, (uncond, cond, high, size) => {
        const weights = { kind: "frequency", high, lowSize: size } as const;
        const without = guide({ uncond, cond }, { ...weights, low: null });
        const withUncond = guide({ uncond, cond }, { ...weights, low: 0 });
        const lowOfUncond = guide({ uncond, cond: uncond }, { ...weights, low: 0 });
        const highOfUncond = guide({ uncond, cond: uncond }, { ...weights, low: null });
        const sum = without.data.map(
          (value, index) =>
            value + (lowOfUncond.data[index] ?? 0) - (highOfUncond.data[index] ?? 0),
        );
        expect(farthest({ shape, data: sum }, withUncond)).toBeLessThan(near);
      }),
    );
  });

  it("without a low weight gives nothing for flat answers", () => {
    const weights = { kind: "frequency", high: 35, low: null, lowSize: { width: 2, height: 3 } };
    const guided = guide({ uncond: constant(2), cond: constant(5) }, weights as StageGuidance);
    expect(guided).toEqual(constant(0));
  });
});
