// One DDIM update, with or without fresh noise, and its noising (method §3, §4; Song et al. 2021, equation 12).
import type { Tensor } from "../base/tensor.ts";

export interface DdimUpdate {
  readonly alphaBar: number;
  readonly nextAlphaBar: number;
  /** How the network's prediction is meant: the noise, or v = √ᾱ·ε − √(1−ᾱ)·x0. */
  readonly parametrisation: "epsilon" | "v_prediction";
  /** Standard deviation of the fresh noise that takes the place of a part of the old; absent: none. */
  readonly sigma?: number;
}

/** From x at `alphaBar` to x at `nextAlphaBar` (with `fresh` normal noise where there is a sigma), and the clean latent x0 that this step believes in. */
export function ddimStep(
  x: Tensor,
  prediction: Tensor,
  step: DdimUpdate,
  fresh?: Tensor,
): { readonly next: Tensor; readonly x0: Tensor } {
  const signal = Math.sqrt(step.alphaBar);
  const noise = Math.sqrt(1 - step.alphaBar);
  const nextSignal = Math.sqrt(step.nextAlphaBar);
  const sigma = fresh === undefined ? 0 : (step.sigma ?? 0);
  // All of the noise may be fresh, and its rounded square a little more than there is.
  const nextNoise = Math.sqrt(Math.max(0, 1 - step.nextAlphaBar - sigma ** 2));
  const clean = new Float32Array(x.data.length);
  const next = new Float32Array(x.data.length);
  for (let index = 0; index < next.length; index += 1) {
    const value = x.data[index] as number;
    const output = prediction.data[index] as number;
    const isEpsilon = step.parametrisation === "epsilon";
    const x0 = isEpsilon ? (value - noise * output) / signal : signal * value - noise * output;
    const epsilon = isEpsilon ? output : signal * output + noise * value;
    clean[index] = x0;
    const added = sigma === 0 ? 0 : sigma * (fresh?.data[index] as number);
    next[index] = nextSignal * x0 + nextNoise * epsilon + added;
  }
  return { next: { shape: x.shape, data: next }, x0: { shape: x.shape, data: clean } };
}

/** √ᾱ·x0 + √(1−ᾱ)·ε. */
export function addNoise(x0: Tensor, noise: Tensor, alphaBar: number): Tensor {
  const signal = Math.sqrt(alphaBar);
  const sigma = Math.sqrt(1 - alphaBar);
  const data = x0.data.map(
    (value, index) => signal * value + sigma * (noise.data[index] as number),
  );
  return { shape: x0.shape, data };
}
