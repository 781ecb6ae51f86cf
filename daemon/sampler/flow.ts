// One Euler update of flow matching, and its noising (method §3, §4; Esser et al. 2024, equation 13 and section 2).
import type { Tensor } from "../base/tensor.ts";

export interface FlowUpdate {
  readonly sigma: number;
  readonly nextSigma: number;
}

/** From x at `sigma` along the velocity to x at `nextSigma`, and the clean latent x0 that this step believes in. */
export function eulerStep(
  x: Tensor,
  velocity: Tensor,
  { sigma, nextSigma }: FlowUpdate,
): { readonly next: Tensor; readonly x0: Tensor } {
  const along = (distance: number): Tensor => ({
    shape: x.shape,
    data: x.data.map((value, index) => value + distance * (velocity.data[index] as number)),
  });
  return { next: along(nextSigma - sigma), x0: along(-sigma) };
}

/** (1 − σ)·x0 + σ·ε. */
export function addFlowNoise(x0: Tensor, noise: Tensor, sigma: number): Tensor {
  const data = x0.data.map(
    (value, index) => (1 - sigma) * value + sigma * (noise.data[index] as number),
  );
  return { shape: x0.shape, data };
}
