// FreeU: on the way up, features that come from below count more and the lowest frequencies of a skip less, before both are
// joined (Si et al., arXiv:2309.11497, equations 4 to 8; constant factors, as ScaleCrafter uses it).
import type { FreeU } from "../config/unet-variant.ts";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import {
  add,
  concat,
  cos,
  div,
  matMul,
  mul,
  range,
  reshape,
  shape,
  sin,
  sub,
  transpose,
} from "../graph/operators.ts";

/** The features from below, with their number of channels, and the skip: [n, c, h, w]. */
export interface Joined {
  readonly below: Value;
  readonly channels: number;
  readonly skip: Value;
}

/** The factors for features of each width; other widths stay as they are. */
export type Strengths = ReadonlyMap<number, { readonly below: number; readonly skip: number }>;

/**
 * b1 and s1 for the network's widest features, b2 and s2 for the next narrower ones: 1280 and 640 channels in every Stable
 * Diffusion. Keyed on the width alone, as in the published code, so that the first resnet of a narrower block counts as wide.
 */
export function strengthsOf({ b1, b2, s1, s2 }: FreeU, widths: readonly number[]): Strengths {
  const [widest, next] = [...new Set(widths)].sort((a, b) => b - a);
  const strengths = new Map<number, { readonly below: number; readonly skip: number }>();
  if (widest !== undefined) strengths.set(widest, { below: b1, skip: s1 });
  if (next !== undefined) strengths.set(next, { below: b2, skip: s2 });
  return strengths;
}

/** Both as they are joined. */
export function strengthen(
  g: GraphBuilder,
  { below, channels, skip }: Joined,
  strengths: Strengths,
): Pick<Joined, "below" | "skip"> {
  const strength = strengths.get(channels);
  if (strength === undefined) return { below, skip };
  const half = Math.floor(channels / 2);
  const factors = Array.from({ length: channels }, (_, index) =>
    index < half ? strength.below : 1,
  );
  return {
    below: mul(g, below, g.floats(factors, [channels, 1, 1])),
    skip: scaleLowest(g, skip, strength.skip),
  };
}

/**
 * The same picture with its frequencies −1 and 0 along either axis multiplied by `scale`: what the published code does with a
 * Fourier transform, a mask and its real part. That is x + (scale − 1) / cells · Σ ⟨x, wave⟩ · wave over those frequencies.
 */
function scaleLowest(g: GraphBuilder, x: Value, scale: number): Value {
  const exact = g.inFloat32(x);
  const waves = lowestWaves(g, exact); // [8, h·w]
  const cells = reshape(g, exact, [0, 0, -1]); // [n, c, h·w]
  const amounts = matMul(g, cells, transpose(g, waves, [1, 0])); // [n, c, 8]
  const sum = reshape(g, matMul(g, amounts, waves), shape(g, exact)); // [n, c, h, w]
  const [height, width] = sidesOf(g, exact);
  const share = div(g, g.floats32([scale - 1], []), g.inFloat32(mul(g, height, width), "int64"));
  return g.inPrecision(add(g, exact, mul(g, sum, share)));
}

/** Turns along y and along x of each frequency. */
const lowestFrequencies = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
];

/** Cosine and sine of each frequency: rows of h·w cells. */
function lowestWaves(g: GraphBuilder, x: Value): Value {
  const [height, width] = sidesOf(g, x);
  const cell = range(g, mul(g, height, width)); // [h·w]
  const row = div(g, cell, width);
  const column = sub(g, cell, mul(g, row, width));
  const along = (index: Value, length: Value): Value =>
    reshape(g, div(g, g.inFloat32(index, "int64"), g.inFloat32(length, "int64")), [1, -1]);
  const place = concat(g, [along(row, height), along(column, width)], 0); // [2, h·w]
  const frequencies = g.floats32(lowestFrequencies.flat(), [lowestFrequencies.length, 2]);
  const phase = mul(g, matMul(g, frequencies, place), g.floats32([2 * Math.PI], []));
  return concat(g, [cos(g, phase), sin(g, phase)], 0);
}

/** Height and width as int64 scalars. */
function sidesOf(g: GraphBuilder, x: Value): readonly [Value, Value] {
  const side = (axis: number): Value =>
    reshape(g, shape(g, x, { start: axis, end: axis + 1 }), g.integers([], [0]));
  return [side(2), side(3)];
}
