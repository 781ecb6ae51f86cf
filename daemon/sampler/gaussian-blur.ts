// A blur by a square Gaussian kernel of odd side, zeros beyond the border.
// The kernel is the product of one along rows and one along columns, so that both are done one after the other.
import type { Tensor } from "../base/tensor.ts";

/** `side` cells, `sigma` its standard deviation in cells: [n, c, h, w] → [n, c, h, w]. */
export function blurGaussian(x: Tensor, side: number, sigma: number): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const kernel = gaussian(side, sigma);
  const along = { lines: n * c * height, length: width, stride: 1 };
  const rows = convolve(x.data, along, kernel);
  const data = convolve(rows, { lines: n * c, length: height, stride: width }, kernel);
  return { shape: x.shape, data };
}

function gaussian(side: number, sigma: number): Float64Array {
  const middle = (side - 1) / 2;
  const values = Float64Array.from({ length: side }, (_, index) =>
    Math.exp(-((index - middle) ** 2) / (2 * sigma ** 2)),
  );
  const sum = values.reduce((all, each) => all + each, 0);
  return values.map((value) => value / sum);
}

/** `lines` of `length` places, `stride` values side by side at each place. */
interface Lines {
  readonly lines: number;
  readonly length: number;
  readonly stride: number;
}

function convolve(
  source: Float32Array,
  { lines, length, stride }: Lines,
  kernel: Float64Array,
): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const target = new Float32Array(source.length);
  for (let at = 0; at < lines * length * stride; at += 1) {
    const place = Math.floor(at / stride) % length;
    const first = Math.max(0, reach - place);
    const end = Math.min(kernel.length, length - place + reach);
    let sum = 0;
    for (let tap = first; tap < end; tap += 1)
      sum += (kernel[tap] as number) * (source[at + (tap - reach) * stride] as number);
    target[at] = sum;
  }
  return target;
}
