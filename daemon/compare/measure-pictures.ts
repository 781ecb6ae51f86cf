// What is measured of one method's pictures, each number the mean over them. docs/measures.md says what they mean.
import type { Picture } from "../image/picture.ts";
import { colourDistance } from "../measure/colour-distance.ts";
import { findDiscs } from "../measure/count-discs.ts";
import { layoutDistance } from "../measure/layout-distance.ts";
import { lowFrequencyAgreement } from "../measure/low-frequency-agreement.ts";
import { lumaOf, type Pixels } from "../measure/luma.ts";
import { radialSpectrum } from "../measure/radial-spectrum.ts";
import { spectrumDistance } from "../measure/spectrum-distance.ts";
import { spectrumSlope } from "../measure/spectrum-slope.ts";

/** Null where a picture has no such number, absent where nobody asked for it. */
export interface Measures {
  readonly spectrumSlope: number | null;
  /** In dB; null for methods that hand on no picture of their first stage. */
  readonly agreementDb?: number | null;
  /** Of the built-in model's pictures only. */
  readonly colourDistance?: number;
  readonly spectrumDistanceDb?: number | null;
  readonly layoutDistance?: number;
  readonly discs?: number;
}

/** Pictures in the order of those that are measured. */
export interface MeasuredAgainst {
  /** What the method's own first stage has painted; null where it has none. */
  readonly firstStage: readonly Picture[] | null;
  /** The built-in model's at its trained size; null for other models. */
  readonly small: readonly Picture[] | null;
}

/** `against` null: only what every comparison shows. */
export function measurePictures(
  pictures: readonly Picture[],
  against: MeasuredAgainst | null,
): Measures {
  const all = pictures.map(toPixels);
  if (against === null) return { spectrumSlope: slopeOf(all) };
  const { firstStage, small } = against;
  const agreementDb =
    firstStage === null ? null : mean(pairs(all, firstStage, lowFrequencyAgreement));
  return {
    spectrumSlope: slopeOf(all),
    agreementDb,
    ...(small === null ? {} : measureAgainstSmall(all, small)),
  };
}

/** What the small pictures have themselves, to judge the large ones' numbers by. */
export function measureSmall(pictures: readonly Picture[]): Measures {
  const all = pictures.map(toPixels);
  return { spectrumSlope: slopeOf(all), discs: discsOf(all) };
}

function measureAgainstSmall(all: readonly Pixels[], small: readonly Picture[]): Partial<Measures> {
  const spectra = pairs(all, small, (one, other) => spectrumDistance(lumaOf(one), lumaOf(other)));
  return {
    colourDistance: mean(pairs(all, small, colourDistance)) ?? 0,
    spectrumDistanceDb: mean(spectra),
    layoutDistance: mean(pairs(all, small, layoutDistance)) ?? 0,
    discs: discsOf(all),
  };
}

const slopeOf = (all: readonly Pixels[]): number | null =>
  mean(all.map((one) => spectrumSlope(radialSpectrum(lumaOf(one)), { from: 0, to: 0.5 })));

const discsOf = (all: readonly Pixels[]): number =>
  mean(all.map((one) => findDiscs(one).length)) ?? 0;

function pairs<Value>(
  all: readonly Pixels[],
  others: readonly Picture[],
  measure: (one: Pixels, other: Pixels) => Value,
): readonly Value[] {
  return all.flatMap((one, index) => {
    const other = others[index];
    return other === undefined ? [] : [measure(one, toPixels(other))];
  });
}

/** Of those that are numbers; null where none is. */
function mean(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return null;
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

const toPixels = ({ width, height, rgb }: Picture): Pixels => ({
  width,
  height,
  channels: 3,
  values: rgb,
});
