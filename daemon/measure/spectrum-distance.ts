// How far apart the spectra of two sizes of a picture are, over the waves that both can hold. Waves are counted by how many of
// them fit into the picture, so that an enlargement has the spectrum of what was enlarged; things that are painted over and over,
// each smaller than it should be, move power to more waves.
import type { Luma } from "./luma.ts";
import { radialSpectrum } from "./radial-spectrum.ts";

/**
 * Root of the mean squared difference in dB of both radial spectra, each divided by its picture's number of pixels, from one
 * wave along the shorter side to a quarter of the small picture's shorter side in pixels; every octave of waves counts the same.
 * Null where there is no wave that both pictures have any of.
 */
export function spectrumDistance(large: Luma, small: Luma): number | null {
  const [one, other] = [powerByWave(large), powerByWave(small)];
  const last = Math.min(one.length, Math.floor(other.length / 2));
  let sum = 0;
  let weights = 0;
  for (let ring = 0; ring < last; ring += 1) {
    const [a, b] = [one[ring] as number, other[ring] as number];
    if (a <= 0 || b <= 0) continue;
    const weight = 1 / (ring + 1);
    sum += weight * (10 * Math.log10(a / b)) ** 2;
    weights += weight;
  }
  return weights === 0 ? null : Math.sqrt(sum / weights);
}

/** Of 1, 2, … waves along the shorter side. */
function powerByWave(luma: Luma): Float64Array {
  return radialSpectrum(luma).power.map((power) => power / (luma.width * luma.height));
}
