// How far two tensors are apart. A missing tensor, another size or a NaN is infinitely far.
import type { Tensor } from "../../daemon/base/tensor.ts";

/** The largest difference, relative to the largest magnitude of `expected`. */
export function difference(actual: Tensor | undefined, expected: Tensor): number {
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return farthest(actual, expected) / largest;
}

/** The largest difference as it is. */
export function farthest(actual: Tensor | undefined, expected: Tensor): number {
  if (actual === undefined || actual.data.length !== expected.data.length)
    return Number.POSITIVE_INFINITY;
  const worst = expected.data.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (actual.data[index] ?? Number.NaN))),
    0,
  );
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst;
}
