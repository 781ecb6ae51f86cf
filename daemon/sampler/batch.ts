// Batches along the first axis of tensors.
import type { Tensor } from "../base/tensor.ts";

/** Joined along the first axis; all parts have one shape behind it. */
export function stack(parts: readonly Tensor[]): Tensor {
  const [, ...inner] = parts[0]?.shape ?? [];
  const count = parts.reduce((sum, { shape: [items = 0] }) => sum + items, 0);
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [count, ...inner], data };
}

/** Batches of one, which share x's memory. */
export function unstack(x: Tensor): readonly Tensor[] {
  const [count = 0, ...inner] = x.shape;
  const length = x.data.length / count;
  return Array.from({ length: count }, (_, index) => ({
    shape: [1, ...inner],
    data: x.data.subarray(index * length, (index + 1) * length),
  }));
}

/** Places of a list in batches of at most `atOnce`; no batch reaches over `border`. */
export function batchesOf(
  count: number,
  atOnce: number,
  border = count,
): readonly { readonly start: number; readonly end: number }[] {
  const batches: { readonly start: number; readonly end: number }[] = [];
  for (let start = 0, end = 0; start < count; start = end) {
    end = Math.min(start + atOnce, start < border ? border : count, count);
    batches.push({ start, end });
  }
  return batches;
}
