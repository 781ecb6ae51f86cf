// Which way up a camera held a picture: Exif's orientation, and the picture turned to stand as it was seen.
// Exif 2.32, section 4.6.4; a file without it, or with a damaged one, is taken as it lies.
import type { Size } from "../base/size.ts";
import type { Picture } from "./picture.ts";

/** 1 is upright; 2 is mirrored; 3 upside down; 4 both; 5 to 8 lie on a side. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientationTag = 0x0112;

/** `data` is what an APP1 segment holds; undefined where that is no Exif or says nothing. */
export function readOrientation(data: Buffer): Orientation | undefined {
  if (data.toString("latin1", 0, 6) !== "Exif\0\0") return undefined;
  const tiff = data.subarray(6);
  const order = tiff.toString("latin1", 0, 2);
  if (tiff.length < 8 || !["II", "MM"].includes(order)) return undefined;
  const isLittle = order === "II";
  const read16 = (at: number): number =>
    at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  const start = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const count = read16(start);
  for (let index = 0; index < count; index += 1) {
    const entry = start + 2 + index * 12;
    if (entry + 12 > tiff.length) return undefined;
    if (read16(entry) === orientationTag) return toOrientation(read16(entry + 8));
  }
  return undefined;
}

function toOrientation(value: number): Orientation | undefined {
  return value >= 1 && value <= 8 ? (value as Orientation) : undefined;
}

/** The size of a picture of `stored` once it is turned. */
export function turnedSize({ width, height }: Size, orientation: Orientation): Size {
  return orientation < 5 ? { width, height } : { width: height, height: width };
}

/** The picture turned upright. */
export function turn(picture: Picture, orientation: Orientation): Picture {
  if (orientation === 1) return picture;
  const { width, height } = turnedSize(picture, orientation);
  const rgb = new Uint8Array(picture.rgb.length);
  const place = placeIn(picture, orientation);
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, at += 3) {
      const from = place(x, y) * 3;
      rgb[at] = picture.rgb[from] ?? 0;
      rgb[at + 1] = picture.rgb[from + 1] ?? 0;
      rgb[at + 2] = picture.rgb[from + 2] ?? 0;
    }
  return { width, height, rgb };
}

/** Which stored pixel is seen at x, y of the upright picture. */
function placeIn(
  { width, height }: Size,
  orientation: Orientation,
): (x: number, y: number) => number {
  const at = (x: number, y: number): number => y * width + x;
  const [right, bottom] = [width - 1, height - 1];
  const places: Readonly<Record<Orientation, (x: number, y: number) => number>> = {
    1: (x, y) => at(x, y),
    2: (x, y) => at(right - x, y),
    3: (x, y) => at(right - x, bottom - y),
    4: (x, y) => at(x, bottom - y),
    5: (x, y) => at(y, x),
    6: (x, y) => at(y, bottom - x),
    7: (x, y) => at(right - y, bottom - x),
    8: (x, y) => at(right - y, x),
  };
  return places[orientation];
}
