// Flow matching's update: properties that follow from its formula, for every σ.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { addFlowNoise, eulerStep } from "../../daemon/sampler/flow.ts";
import { networkTimestep, noiseFor, takeStep } from "../../daemon/sampler/planned-step.ts";
import { tensorOfShape } from "../support/arbitrary-tensor.ts";
import { farthest } from "../support/compare.ts";

const sigma = fc.double({ min: 0, max: 1, noNaN: true });
const latent = tensorOfShape([2, 2, 2, 3]);
/** Values reach 100. */
const near = 1e-4;

/** ε − x0: what a network that is right answers. */
const velocity = (x0: Tensor, epsilon: Tensor): Tensor => ({
  shape: x0.shape,
  data: epsilon.data.map((value, index) => value - (x0.data[index] ?? Number.NaN)),
});

it("a step finds the clean latent and the next one when the prediction is right", () => {
  fc.assert(
    fc.property(latent, latent, sigma, sigma, (x0, epsilon, at, nextSigma) => {
      const x = addFlowNoise(x0, epsilon, at);
      const { next, x0: believed } = eulerStep(x, velocity(x0, epsilon), { sigma: at, nextSigma });
      expect(farthest(believed, x0)).toBeLessThan(near);
      expect(farthest(next, addFlowNoise(x0, epsilon, nextSigma))).toBeLessThan(near);
    }),
  );
});

it("σ 1 is noise alone, σ 0 is none", () => {
  fc.assert(
    fc.property(latent, latent, (x0, epsilon) => {
      expect(farthest(addFlowNoise(x0, epsilon, 1), epsilon)).toBe(0);
      expect(farthest(addFlowNoise(x0, epsilon, 0), x0)).toBe(0);
    }),
  );
});

it("a planned step is of its kind: what the network is told, the update, the noise before it", () => {
  const step = { kind: "flow", timestep: 949, sigma: 0.75, nextSigma: 0.5 } as const;
  const at = (value: number): Tensor => ({ shape: [1], data: Float32Array.of(value) });
  expect(networkTimestep(step)).toBe(750);
  expect(takeStep(at(2), at(4), step)).toEqual({ next: at(1), x0: at(-1) });
  expect(noiseFor(step, at(4), at(8))).toEqual(at(7));
});
