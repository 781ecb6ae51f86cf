// Resizing pictures smoothly: bicubic, and with every pixel counted where it shrinks.
// Reference: torch.nn.functional.interpolate with mode "bicubic" and antialias, which is Pillow's filter (a = −0.5).
import type { Size } from "./size.ts";
import type { Tensor } from "./tensor.ts";

/** [n, c, h, w] → [n, c, to.height, to.width]; values may go a little beyond those of the picture. */
export function resizeSmooth(x: Tensor, to: Size): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  if (to.width === width && to.height === height) return x;
  const wide = alongLines(x.data, { lines: n * c * height, from: width, to: to.width, stride: 1 });
  const data = alongLines(wide, { lines: n * c, from: height, to: to.height, stride: to.width });
  return { shape: [n, c, to.height, to.width], data };
}

/** Lines of `from` places that become `to`; each place holds `stride` values side by side. */
interface Lines {
  readonly lines: number;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

function alongLines(source: Float32Array, { lines, from, to, stride }: Lines): Float32Array {
  const windows = Array.from({ length: to }, (_, index) => windowAt(index, from, to));
  const target = new Float32Array(lines * to * stride);
  let at = 0;
  for (let line = 0; line < lines; line += 1)
    for (const { first, weights } of windows) {
      const start = (line * from + first) * stride;
      for (let column = 0; column < stride; column += 1) {
        let sum = 0;
        for (let index = 0; index < weights.length; index += 1)
          sum += (source[start + column + index * stride] as number) * (weights[index] as number);
        target[at] = sum;
        at += 1;
      }
    }
  return target;
}

/** The places of the source that make one place of the target, and how much of each. */
interface Window {
  readonly first: number;
  /** They sum to 1. */
  readonly weights: Float64Array;
}

function windowAt(index: number, from: number, to: number): Window {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const center = scale * (index + 0.5);
  const reach = 2 * stretch;
  const first = Math.max(0, Math.trunc(center - reach + 0.5));
  const end = Math.min(from, Math.trunc(center + reach + 0.5));
  const weights = Float64Array.from({ length: end - first }, (_, place) =>
    cubic((first + place - center + 0.5) / stretch),
  );
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

/** Keys' cubic with a = −0.5; 0 from a distance of 2 on. */
function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
