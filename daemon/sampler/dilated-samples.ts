// The global half of DemoFusion: a prediction for a large latent out of predictions for its dilated samples, each every
// s-th row and column of the blurred latent, which together see the whole picture at the trained size.
import type { Tensor } from "../base/tensor.ts";
import { batchesOf, stack, unstack } from "./batch.ts";
import { crop, pad } from "./crop.ts";
import { blurGaussian } from "./gaussian-blur.ts";
import { momentsOf, withMoments } from "./moments.ts";

export interface Dilation {
  /** s: there are s² samples. */
  readonly scale: number;
  /** Of the blur before sampling, in cells. */
  readonly sigma: number;
  /** Samples in one call. */
  readonly atOnce: number;
}

/** A prediction for all of x [1, c, h, w]. */
export async function predictDilated(
  x: Tensor,
  { scale, sigma, atOnce }: Dilation,
  predict: (samples: Tensor) => Promise<Tensor>,
): Promise<Tensor> {
  const [, , height = 0, width = 0] = x.shape;
  const [top, left] = [missing(height, scale), missing(width, scale)];
  const padded = pad(x, { top, left, bottom: 0, right: 0 });
  const blurred = withMoments(blurGaussian(padded, 2 * scale - 1, sigma), momentsOf(padded));
  const result = { shape: padded.shape, data: new Float32Array(padded.data.length) };
  for (const { start, end } of batchesOf(scale * scale, atOnce)) {
    const places = Array.from({ length: end - start }, (_, index) => start + index);
    const samples = stack(places.map((place) => sampleOf(blurred, scale, place)));
    for (const [index, prediction] of unstack(await predict(samples)).entries())
      spread(prediction, result, scale, start + index);
  }
  return crop(result, { top, left, height, width });
}

/** Cells up to the next multiple. */
const missing = (length: number, multiple: number): number =>
  (multiple - (length % multiple)) % multiple;

/** Sample number `place`, row by row of the s × s places in each block. */
function sampleOf(x: Tensor, scale: number, place: number): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const shape = [n, c, height / scale, width / scale];
  const data = new Float32Array(x.data.length / scale ** 2);
  eachCell(shape, scale, place, (small, large) => {
    data[small] = x.data[large] as number;
  });
  return { shape, data };
}

function spread(sample: Tensor, target: Tensor, scale: number, place: number): void {
  eachCell(sample.shape, scale, place, (small, large) => {
    target.data[large] = sample.data[small] as number;
  });
}

/** Each index of a sample with the index of the same cell in the whole. */
function eachCell(
  [n = 0, c = 0, height = 0, width = 0]: readonly number[],
  scale: number,
  place: number,
  visit: (small: number, large: number) => void,
): void {
  const [top, left] = [Math.floor(place / scale), place % scale];
  for (let line = 0; line < n * c * height; line += 1) {
    const start = (line * scale + top) * width * scale + left;
    for (let column = 0; column < width; column += 1)
      visit(line * width + column, start + column * scale);
  }
}
