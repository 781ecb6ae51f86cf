// A picture at another size, smoothly: what compares a large picture with a small one, and what fits pictures into a sheet.
import { resizeSmooth } from "../base/resize-smooth.ts";
import type { Size } from "../base/size.ts";
import type { Pixels } from "./luma.ts";

/** Antialiased bicubic of the values as they are stored, rounded to 8 bits; 3 values a pixel. */
export function resizePixels({ width, height, channels, values }: Pixels, to: Size): Pixels {
  const resized = new Uint8ClampedArray(to.width * to.height * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    const plane = new Float32Array(width * height);
    for (let pixel = 0; pixel < plane.length; pixel += 1)
      plane[pixel] = values[pixel * channels + channel] as number;
    const { data } = resizeSmooth({ shape: [1, 1, height, width], data: plane }, to);
    for (let pixel = 0; pixel < data.length; pixel += 1)
      resized[pixel * 3 + channel] = data[pixel] as number;
  }
  return { width: to.width, height: to.height, channels: 3, values: resized };
}
