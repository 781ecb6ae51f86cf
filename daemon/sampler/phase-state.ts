// What a phase of DemoFusion after the first one depends on beside its latent.
import type { Tensor } from "../base/tensor.ts";
import type { TwisterState } from "./mersenne-twister.ts";
import type { Moments } from "./moments.ts";

export interface PhaseState {
  /** Of the first phase's latent; every later phase ends with these. */
  readonly moments: Moments;
  /** The latent of the phase before at this phase's size, and the noise that it is mixed with, both [n, c, h, w]. */
  readonly enlarged: Tensor;
  readonly noise: Tensor;
  /** Where the generator stands that moves windows. */
  readonly jitter: TwisterState;
}
