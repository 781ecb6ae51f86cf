// Enlarging latents by bicubic interpolation, as torch.nn.functional.interpolate with mode "bicubic": a = −0.75,
// align_corners false, no antialias, the border repeated.
import type { Size } from "../base/size.ts";
import type { Tensor } from "../base/tensor.ts";

/** [n, c, h, w] → [n, c, to.height, to.width]. */
export function resizeBicubic(x: Tensor, to: Size): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const columns = tapsOf(width, to.width);
  const rows = tapsOf(height, to.height);
  const wide = new Float32Array(n * c * height * to.width);
  let at = 0;
  for (let line = 0; line < n * c * height; line += 1)
    for (const taps of columns) wide[at++] = mixed(x.data, taps, line * width, 1);
  const data = new Float32Array(n * c * to.height * to.width);
  at = 0;
  for (let plane = 0; plane < n * c; plane += 1)
    for (const taps of rows)
      for (let column = 0; column < to.width; column += 1)
        data[at++] = mixed(wide, taps, plane * height * to.width + column, to.width);
  return { shape: [n, c, to.height, to.width], data };
}

/** Four places of the source and their weights, for one place of the target. */
interface Taps {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

function tapsOf(from: number, to: number): readonly Taps[] {
  return Array.from({ length: to }, (_, index) => {
    const place = (from / to) * (index + 0.5) - 0.5;
    const first = Math.floor(place);
    const offsets = [-1, 0, 1, 2];
    return {
      places: offsets.map((offset) => Math.min(from - 1, Math.max(0, first + offset))),
      weights: offsets.map((offset) => cubic(Math.abs(first + offset - place))),
    };
  });
}

function mixed(
  source: Float32Array,
  { places, weights }: Taps,
  start: number,
  stride: number,
): number {
  let sum = 0;
  for (let tap = 0; tap < 4; tap += 1)
    sum += (weights[tap] as number) * (source[start + (places[tap] as number) * stride] as number);
  return sum;
}

/** Keys' cubic with a = −0.75, for distances of 0 to 2. */
function cubic(x: number): number {
  const a = -0.75;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return (((x - 5) * x + 8) * x - 4) * a;
}
