// The DDIM update: properties that follow from its formula, for every ᾱ.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { addNoise, ddimStep } from "../../daemon/sampler/ddim.ts";
import { tensorOfShape } from "../support/arbitrary-tensor.ts";
import { farthest } from "../support/compare.ts";

const alphaBar = fc.double({ min: 0.004, max: 0.9999, noNaN: true });
const latent = tensorOfShape([2, 2, 2, 3]);
const parametrisation = fc.constantFrom("epsilon" as const, "v_prediction" as const);
/** Values reach 100 and are divided by √ᾱ, which is at least 0.06. */
const near = 2e-3;

/** v = √ᾱ·ε − √(1−ᾱ)·x0. */
const toV = (x0: Tensor, epsilon: Tensor, at: number): Tensor => ({
  shape: x0.shape,
  data: x0.data.map(
    (value, index) =>
      Math.sqrt(at) * (epsilon.data[index] ?? Number.NaN) - Math.sqrt(1 - at) * value,
  ),
});

describe("a step", () => {
  it("to the same ᾱ stays where it is", () => {
    fc.assert(
      fc.property(latent, latent, alphaBar, parametrisation, (x, prediction, at, kind) => {
        const step = { alphaBar: at, nextAlphaBar: at, parametrisation: kind };
        expect(farthest(ddimStep(x, prediction, step).next, x)).toBeLessThan(near);
      }),
    );
  });

  it("finds the clean latent again when the prediction is right", () => {
    fc.assert(
      fc.property(latent, latent, alphaBar, alphaBar, (x0, epsilon, at, nextAlphaBar) => {
        const x = addNoise(x0, epsilon, at);
        const step = { alphaBar: at, nextAlphaBar, parametrisation: "epsilon" } as const;
        const { next, x0: believed } = ddimStep(x, epsilon, step);
        expect(farthest(believed, x0)).toBeLessThan(near);
        expect(farthest(next, addNoise(x0, epsilon, nextAlphaBar))).toBeLessThan(near);
      }),
    );
  });

  it("is the same for ε and for the v that means the same", () => {
    fc.assert(
      fc.property(latent, latent, alphaBar, alphaBar, (x0, epsilon, at, nextAlphaBar) => {
        const x = addNoise(x0, epsilon, at);
        const step = { alphaBar: at, nextAlphaBar };
        const byEpsilon = ddimStep(x, epsilon, { ...step, parametrisation: "epsilon" });
        const v = toV(x0, epsilon, at);
        const byV = ddimStep(x, v, { ...step, parametrisation: "v_prediction" });
        expect(farthest(byV.next, byEpsilon.next)).toBeLessThan(near);
        expect(farthest(byV.x0, byEpsilon.x0)).toBeLessThan(near);
      }),
    );
  });

  it("without noise left ends at the clean latent", () => {
    fc.assert(
      fc.property(latent, latent, alphaBar, parametrisation, (x, prediction, at, kind) => {
        const step = { alphaBar: at, nextAlphaBar: 1, parametrisation: kind };
        const { next, x0 } = ddimStep(x, prediction, step);
        expect(farthest(next, x0)).toBe(0);
      }),
    );
  });
});

it.each([
  ["epsilon", 0.25, 1, 2, 1, { x0: 4 - Math.sqrt(3), next: 4 - Math.sqrt(3) }],
  ["v_prediction", 0.25, 1, 2, 1, { x0: 1 - Math.sqrt(0.75), next: 1 - Math.sqrt(0.75) }],
  ["v_prediction", 0, 0.36, 2, 0.5, { x0: -0.5, next: 0.6 * -0.5 + 0.8 * 2 }],
  ["epsilon", 0.64, 0.36, 1, 0.5, { x0: 0.875, next: 0.6 * 0.875 + 0.8 * 0.5 }],
] as const)(
  "a %s step from ᾱ %f to %f at x = %f with prediction %f",
  (kind, at, to, x, y, expected) => {
    const one = (value: number): Tensor => ({ shape: [1], data: Float32Array.of(value) });
    const step = { alphaBar: at, nextAlphaBar: to, parametrisation: kind };
    const { next, x0 } = ddimStep(one(x), one(y), step);
    expect(x0.data[0]).toBeCloseTo(expected.x0, 6);
    expect(next.data[0]).toBeCloseTo(expected.next, 6);
  },
);

it("from noise alone goes on with fresh noise alone where all of it is drawn anew", () => {
  const one = (value: number): Tensor => ({ shape: [1], data: Float32Array.of(value) });
  fc.assert(
    fc.property(alphaBar, (to) => {
      const sigma = Math.sqrt(1 - to);
      const step = {
        alphaBar: 0,
        nextAlphaBar: to,
        parametrisation: "v_prediction",
        sigma,
      } as const;
      const { next } = ddimStep(one(7), one(-2), step, one(3));
      expect(next.data[0]).toBeCloseTo(Math.sqrt(to) * 2 + sigma * 3, 5);
    }),
  );
});

it.each([
  [1, 3],
  [0, 5],
  [0.36, 0.6 * 3 + 0.8 * 5],
])("noising 3 with 5 at ᾱ %f gives %f", (at, expected) => {
  const x0 = { shape: [1], data: Float32Array.of(3) };
  const noise = { shape: [1], data: Float32Array.of(5) };
  expect(addNoise(x0, noise, at).data[0]).toBeCloseTo(expected, 6);
});
