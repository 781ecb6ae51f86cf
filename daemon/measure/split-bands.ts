// A picture as the two bands that guidance tells apart, each as a picture to look at.
import { lowBand } from "../base/low-band.ts";
import type { Size } from "../base/size.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Pixels } from "./luma.ts";

/** RGBA, opaque, width × height × 4 values each. */
export interface Bands {
  readonly low: Uint8ClampedArray<ArrayBuffer>;
  /** Around the middle grey, for it has both signs. */
  readonly high: Uint8ClampedArray<ArrayBuffer>;
}

/** `size` is how large the picture would be that the low band fits into: of the stage before, for guidance's own split. */
export function splitBands(picture: Pixels, size: Size): Bands {
  const { width, height, channels, values } = picture;
  const low = new Uint8ClampedArray(width * height * 4).fill(255);
  const high = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let channel = 0; channel < 3; channel += 1) {
    const whole = planeOf(picture, channel);
    const { data } = lowBand(whole, size);
    for (let pixel = 0; pixel < data.length; pixel += 1) {
      const coarse = data[pixel] as number;
      low[pixel * 4 + channel] = coarse;
      high[pixel * 4 + channel] = 128 + (values[pixel * channels + channel] as number) - coarse;
    }
  }
  return { low, high };
}

/** One colour as [1, 1, h, w]. */
function planeOf({ width, height, channels, values }: Pixels, channel: number): Tensor {
  const data = new Float32Array(width * height);
  for (let pixel = 0; pixel < data.length; pixel += 1)
    data[pixel] = values[pixel * channels + channel] as number;
  return { shape: [1, 1, height, width], data };
}
