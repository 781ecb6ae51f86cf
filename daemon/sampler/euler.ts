// One Euler update of a model that predicts noise or v, its noising and the scaling of its input.
// Reference: diffusers scheduling_euler_discrete.py without churn (Karras et al. 2022, algorithm 2); x = x0 + σ·ε.
import type { Tensor } from "../base/tensor.ts";

export interface EulerUpdate {
  readonly sigma: number;
  readonly nextSigma: number;
  /** How the network's prediction is meant: the noise, or v of the latent that has variance 1. */
  readonly parametrisation: "epsilon" | "v_prediction";
}

/** From x at `sigma` to x at `nextSigma`, and the clean latent x0 that this step believes in. */
export function eulerDiscreteStep(
  x: Tensor,
  prediction: Tensor,
  { sigma, nextSigma, parametrisation }: EulerUpdate,
): { readonly next: Tensor; readonly x0: Tensor } {
  const variance = sigma ** 2 + 1;
  const clean = x.data.map((value, index) => {
    const output = prediction.data[index] as number;
    if (parametrisation === "epsilon") return value - sigma * output;
    return value / variance - (sigma / Math.sqrt(variance)) * output;
  });
  const next = x.data.map((value, index) => {
    const x0 = clean[index] as number;
    return x0 + (nextSigma / sigma) * (value - x0);
  });
  return { next: { shape: x.shape, data: next }, x0: { shape: x.shape, data: clean } };
}

/** x as the network was trained to see it at `sigma`: of variance 1. */
export function scaledInput(x: Tensor, sigma: number): Tensor {
  const scale = 1 / Math.sqrt(sigma ** 2 + 1);
  return { shape: x.shape, data: x.data.map((value) => value * scale) };
}

/** x0 + σ·ε. */
export function addEulerNoise(x0: Tensor, noise: Tensor, sigma: number): Tensor {
  const data = x0.data.map((value, index) => value + sigma * (noise.data[index] as number));
  return { shape: x0.shape, data };
}
