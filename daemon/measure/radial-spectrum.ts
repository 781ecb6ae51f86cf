// The radial power spectrum of a picture: how much of it there is at each fineness, whatever the direction.
// A windowed periodogram (Welch 1967) averaged over rings (van der Schaaf, van Hateren 1996, "Modelling the power spectra
// of natural images"), where pictures of the world fall about as 1/f².
import type { Size } from "../base/size.ts";
import { type Fourier, fourier } from "./fourier.ts";
import type { Luma } from "./luma.ts";

/** Rings from coarse to fine; ring k holds all |f| whose rounding in units of 1/min(width, height) is k, from 1 on. */
export interface RadialSpectrum {
  /** Cycles a pixel, 0.5 at most: beyond, rings would be cut off by the picture's sides. */
  readonly frequencies: Float64Array;
  /** Mean of |F|² / Σw² over the ring: noise of variance s² has s² everywhere. */
  readonly power: Float64Array;
}

/**
 * F is the transform of (values − their mean) · w, where w is the product of a periodic Hann window along each side. Pictures
 * with a side of 1 have no rings.
 */
export function radialSpectrum(luma: Luma): RadialSpectrum {
  const rings = Math.floor(Math.min(luma.width, luma.height) / 2);
  const frequencies = Float64Array.from(
    { length: rings },
    (_, ring) => (ring + 1) / Math.min(luma.width, luma.height),
  );
  if (rings === 0) return { frequencies, power: new Float64Array() };
  const [wide, high] = [hann(luma.width), hann(luma.height)];
  const half = transformLines(luma, wide, high);
  const energy = transformColumns(half, luma.height);
  const weight = sumOfSquares(wide) * sumOfSquares(high);
  const power = averageRings(energy, luma, rings).map((mean) => mean / weight);
  return { frequencies, power };
}

/** The periodic window: 0 at the start, 1 in the middle. */
function hann(length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
}

const sumOfSquares = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value * value, 0);

/** Complex values, `columns` a line. */
interface Lines {
  readonly columns: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Each windowed line's transform, of which the first half says all: two lines at a time, as one complex one. */
function transformLines({ width, height, values }: Luma, wide: Float64Array, high: Float64Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const transform = fourier(width);
  const columns = Math.floor(width / 2) + 1;
  const half: Lines = {
    columns,
    real: new Float64Array(columns * height),
    imaginary: new Float64Array(columns * height),
  };
  const one = new Float64Array(width);
  const other = new Float64Array(width);
  for (let row = 0; row < height; row += 2) {
    const isPair = row + 1 < height;
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      const w = wide[column] as number;
      one[column] = ((values[at] as number) - mean) * w * (high[row] as number);
      other[column] = isPair
        ? ((values[at + width] as number) - mean) * w * (high[row + 1] as number)
        : 0;
    }
    transform(one, other);
    takeApart(one, other, { half, row, isPair });
  }
  return half;
}

/** Two real lines' transforms out of that of one + i · other. */
function takeApart(
  one: Float64Array,
  other: Float64Array,
  { half, row, isPair }: { readonly half: Lines; readonly row: number; readonly isPair: boolean },
): void {
  const { columns, real, imaginary } = half;
  for (let k = 0; k < columns; k += 1) {
    const mirror = k === 0 ? 0 : one.length - k;
    const [a, b] = [one[k] as number, other[k] as number];
    const [c, d] = [one[mirror] as number, other[mirror] as number];
    const at = row * columns + k;
    real[at] = (a + c) / 2;
    imaginary[at] = (b - d) / 2;
    if (!isPair) continue;
    real[at + columns] = (b + d) / 2;
    imaginary[at + columns] = (c - a) / 2;
  }
}

/** |F|² [height, columns], where `half` holds the lines' transforms. */
function transformColumns({ columns, real, imaginary }: Lines, height: number): Float64Array {
  const transform: Fourier = fourier(height);
  const energy = new Float64Array(columns * height);
  const re = new Float64Array(height);
  const im = new Float64Array(height);
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0, at = column; row < height; row += 1, at += columns) {
      re[row] = real[at] as number;
      im[row] = imaginary[at] as number;
    }
    transform(re, im);
    for (let row = 0, at = column; row < height; row += 1, at += columns)
      energy[at] = (re[row] as number) ** 2 + (im[row] as number) ** 2;
  }
  return energy;
}

/** The mean of each ring; columns that are left out are those of the conjugates, which count as well. */
function averageRings(energy: Float64Array, { width, height }: Luma, rings: number): Float64Array {
  const columns = energy.length / height;
  const ringOf = ringAt({ width, height });
  const sums = new Float64Array(rings);
  const counts = new Float64Array(rings);
  for (const [at, here] of energy.entries()) {
    const column = at % columns;
    const ring = ringOf(Math.floor(at / columns), column);
    if (ring < 0 || ring >= rings) continue;
    const share = column === 0 || 2 * column === width ? 1 : 2;
    sums[ring] = (sums[ring] as number) + share * here;
    counts[ring] = (counts[ring] as number) + share;
  }
  return sums.map((sum, ring) => sum / (counts[ring] as number));
}

/** The ring of a place in the transform, from 0; −1 and beyond the last one for places in none. */
function ringAt({ width, height }: Size): (row: number, column: number) => number {
  const side = Math.min(width, height);
  return (row, column) => {
    const u = column / width;
    const v = (row <= height / 2 ? row : row - height) / height;
    return Math.floor(Math.sqrt(u * u + v * v) * side + 0.5) - 1;
  };
}
