// Pixels out of JPEG files, from anywhere: damaged and hostile ones end in a Failure.
import { decode } from "jpeg-js";
import { badInputPicture } from "../base/failure.ts";
import { turn } from "./exif-orientation.ts";
import { readJpegFrame } from "./jpeg-frame.ts";
import type { Picture } from "./picture.ts";

/** What the decoder may take; the frame's size was checked before, so this meets only pictures of odd sampling. */
const mostMegabytes = 4096;

/** The pixels, turned upright where Exif says how. `path` is for messages. Throws `badInputPicture`. */
export function decodeJpeg(bytes: Uint8Array, path: string): Picture {
  const { stored, orientation } = readJpegFrame(bytes, path);
  const { width, height, data } = decodePixels(bytes, path);
  if (width !== stored.width || height !== stored.height)
    throw badInputPicture(
      path,
      "must have one size",
      `${stored.width} × ${stored.height} and ${width} × ${height}`,
    );
  return turn({ width, height, rgb: data }, orientation);
}

interface Decoded {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly data: Uint8Array;
}

function decodePixels(bytes: Uint8Array, path: string): Decoded {
  try {
    return decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: 100,
      maxMemoryUsageInMB: mostMegabytes,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badInputPicture(path, "must be an undamaged JPEG file", `"${why}"`);
  }
}
