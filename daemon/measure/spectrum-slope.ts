// How steeply a spectrum falls, in one number: about −2 for pictures of the world; a blurred one falls faster, a noisy one
// more slowly.
import type { RadialSpectrum } from "./radial-spectrum.ts";

/** Frequencies in cycles a pixel, both included. */
export interface FrequencyRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The slope of log power over log frequency by least squares, each ring counting once; null where the range holds fewer
 * than two rings with power.
 */
export function spectrumSlope(
  { frequencies, power }: RadialSpectrum,
  { from, to }: FrequencyRange,
): number | null {
  const points = [...frequencies].flatMap((frequency, ring) => {
    const here = power[ring] as number;
    const isCounted = frequency >= from && frequency <= to && here > 0;
    return isCounted ? [{ x: Math.log(frequency), y: Math.log(here) }] : [];
  });
  if (points.length < 2) return null;
  const mean = (of: "x" | "y"): number =>
    points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean("x"), mean("y")];
  const both = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return both / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}
