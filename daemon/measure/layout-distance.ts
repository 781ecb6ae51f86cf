// Whether light and dark are at the same places in two pictures, whatever their sizes and however sharp they are.
import { type Luma, lumaOf, type Pixels } from "./luma.ts";
import { resizePixels } from "./resize-pixels.ts";

/** Cells along the shorter side: coarse enough that only what is where counts. */
const cells = 16;

/**
 * 1 − Pearson's correlation of the luma of both, resized so that the shorter side of the small picture is 16 cells: 0 for the
 * same layout, about 1 for layouts with nothing in common, at most 2. 1 where a picture is of one brightness.
 */
export function layoutDistance(large: Pixels, small: Pixels): number {
  const scale = cells / Math.min(small.width, small.height);
  const grid = {
    width: Math.round(small.width * scale),
    height: Math.round(small.height * scale),
  };
  const [one, other] = [large, small].map((each) => centred(lumaOf(resizePixels(each, grid)))) as [
    Float64Array,
    Float64Array,
  ];
  const product = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, place) => sum + value * (b[place] as number), 0);
  const spread = Math.sqrt(product(one, one) * product(other, other));
  return spread === 0 ? 1 : 1 - product(one, other) / spread;
}

function centred({ values }: Luma): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
