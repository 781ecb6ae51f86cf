// A decoded picture as bytes, refused where it is none.
import { brokenPicture } from "../base/failure.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Picture } from "../image/picture.ts";

/** (x/2 + 0.5) clipped to 0..1, times 255, rounded (method §4). Throws on NaN and on one flat colour. */
export function toPicture(decoded: Tensor, image: number): Picture {
  const [, , height = 0, width = 0] = decoded.shape;
  const plane = height * width;
  const values = decoded.data.subarray(image * 3 * plane, (image + 1) * 3 * plane);
  if (!values.every(Number.isFinite)) throw brokenPicture("after decoding", "NaN or infinity");
  const rgb = new Uint8Array(plane * 3);
  for (let channel = 0; channel < 3; channel += 1)
    for (let pixel = 0; pixel < plane; pixel += 1) {
      const value = (values[channel * plane + pixel] as number) / 2 + 0.5;
      rgb[pixel * 3 + channel] = roundHalfEven(Math.min(1, Math.max(0, value)) * 255);
    }
  if (rgb.every((value, index) => value === rgb[index % 3]))
    throw brokenPicture("after decoding", "one flat colour");
  return { width, height, rgb };
}

/** As numpy rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
