// How much of the small picture, which a method has painted first, is left in the large one: peak signal-to-noise ratio.
import type { Pixels } from "./luma.ts";
import { resizePixels } from "./resize-pixels.ts";

/** What equal pictures get, of which the ratio would be infinite: more than 8-bit pictures of 32768² pixels can have. */
const mostDecibels = 150;

/**
 * 10 · log10(255² / mean of the squared differences of all red, green and blue values) in dB, after the large picture is
 * resized to the small one's size.
 */
export function lowFrequencyAgreement(large: Pixels, small: Pixels): number {
  const { width, height, channels, values } = small;
  const shrunk = resizePixels(large, { width, height });
  let sum = 0;
  for (let pixel = 0; pixel < width * height; pixel += 1)
    for (let channel = 0; channel < 3; channel += 1) {
      const here = shrunk.values[pixel * 3 + channel] as number;
      sum += (here - (values[pixel * channels + channel] as number)) ** 2;
    }
  const mean = sum / (width * height * 3);
  return Math.min(mostDecibels, 10 * Math.log10(255 ** 2 / mean));
}
