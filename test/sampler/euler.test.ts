// Euler's update of models that predict noise or v: both ways of saying one belief give one step, and steps add up.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { addEulerNoise, eulerDiscreteStep, scaledInput } from "../../daemon/sampler/euler.ts";

const value = fc.double({ min: -3, max: 3, noNaN: true });
const sigmas = fc.double({ min: 0.03, max: 14, noNaN: true });

const one = (x: number): Tensor => ({ shape: [1], data: Float32Array.of(x) });

it("a model of noise and one of v that believe in the same x0 step to the same place", () => {
  const check = (x0: number, noise: number, sigma: number, share: number): void => {
    const x = addEulerNoise(one(x0), one(noise), sigma);
    const nextSigma = sigma * share;
    // In the scaled latent √ᾱ = 1 / √(σ² + 1), and v = √ᾱ·ε − √(1 − ᾱ)·x0.
    const signal = 1 / Math.sqrt(sigma ** 2 + 1);
    const v = one(signal * noise - sigma * signal * x0);
    const byNoise = eulerDiscreteStep(x, one(noise), {
      sigma,
      nextSigma,
      parametrisation: "epsilon",
    });
    const byV = eulerDiscreteStep(x, v, { sigma, nextSigma, parametrisation: "v_prediction" });
    for (const { next, x0: clean } of [byNoise, byV]) {
      expect(clean.data[0]).toBeCloseTo(x0, 4);
      expect(next.data[0]).toBeCloseTo(x0 + nextSigma * noise, 4);
    }
  };
  fc.assert(fc.property(value, value, sigmas, fc.double({ min: 0, max: 1, noNaN: true }), check));
});

it("the last step ends at x0, to the bit", () => {
  const update = { sigma: 2, nextSigma: 0, parametrisation: "epsilon" } as const;
  const { next, x0 } = eulerDiscreteStep(one(5), one(1), update);
  expect([next.data[0], x0.data[0]]).toEqual([3, 3]);
});

it("the network sees a latent of variance 1", () =>
  expect(scaledInput(one(5), 2).data[0]).toBeCloseTo(Math.sqrt(5), 5));
