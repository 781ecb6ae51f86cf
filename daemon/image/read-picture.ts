// Pictures of either format: their size for plans, their pixels for runs.
import type { Size } from "../base/size.ts";
import { readPngSize } from "./check-pixels.ts";
import { turnedSize } from "./exif-orientation.ts";
import { readJpegFrame } from "./jpeg-frame.ts";
import type { Picture } from "./picture.ts";
import { pictureKind } from "./picture-kind.ts";
import { readChunks } from "./png-chunks.ts";
import { decodeJpeg } from "./read-jpeg.ts";
import { decodePng } from "./read-png.ts";

/** In pixels, upright; decodes nothing. `path` is for messages. Throws `badInputPicture`. */
export function measurePicture(bytes: Uint8Array, path: string): Size {
  if (pictureKind(bytes, path) === "png") return readPngSize(readChunks(bytes, path), path);
  const { stored, orientation } = readJpegFrame(bytes, path);
  return turnedSize(stored, orientation);
}

/** The pixels, upright, on white where they are transparent. `path` is for messages. Throws `badInputPicture`. */
export function decodePicture(bytes: Uint8Array, path: string): Picture {
  return pictureKind(bytes, path) === "png" ? decodePng(bytes, path) : decodeJpeg(bytes, path);
}
