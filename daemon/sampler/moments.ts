// Mean and standard deviation of all values of a tensor, and a tensor moved to others.
import type { Tensor } from "../base/tensor.ts";

/** `deviation` is the unbiased one, as torch.std. */
export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

export function momentsOf({ data }: Tensor): Moments {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const squares = data.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (data.length - 1)) };
}

/** x shifted and scaled so that its moments are `wanted`. */
export function withMoments(x: Tensor, wanted: Moments): Tensor {
  const { mean, deviation } = momentsOf(x);
  const scale = wanted.deviation / deviation;
  return { shape: x.shape, data: x.data.map((value) => (value - mean) * scale + wanted.mean) };
}
