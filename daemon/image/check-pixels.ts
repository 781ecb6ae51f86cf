// Whether a PNG's pixels can be decoded, before pngjs does it: pngjs makes a black picture of data that
// does not decompress, and believes any size. Decodes nothing itself.
import { inflateSync } from "node:zlib";
import { badInputPicture } from "../base/failure.ts";
import type { Size } from "../base/size.ts";
import type { Chunk } from "./png-chunks.ts";

/** A picture of that size takes 800 MB while it is read. */
const mostPixels = 100_000_000;

/** `chunks` are a file's, as `readChunks` gives them. `path` is for messages. Throws `badInputPicture`. */
export function checkPixels(chunks: readonly Chunk[], path: string): void {
  const { width, height, rowBytes, isInterlaced } = readHeader(chunks, path);
  const data = chunks.filter(({ type }) => type === "IDAT").map((chunk) => chunk.data);
  // Interlaced pictures have up to two more bytes a row and round up in each of seven passes.
  const mostBytes = (rowBytes + 2) * height + 7 * (width + height);
  const got = inflatedLength(Buffer.concat(data), mostBytes);
  if (got === undefined)
    throw badInputPicture(path, "must be an undamaged PNG file", "pixels that cannot be read");
  if (!isInterlaced && got < rowBytes * height)
    throw badInputPicture(path, `must hold ${rowBytes * height} bytes of pixels`, `${got}`);
}

/** In pixels. `chunks` and `path` as above. Throws `badInputPicture`. */
export function readPngSize(chunks: readonly Chunk[], path: string): Size {
  const { width, height } = readHeader(chunks, path);
  return { width, height };
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** With the filter's byte in front. */
  readonly rowBytes: number;
  readonly isInterlaced: boolean;
}

function readHeader([first]: readonly Chunk[], path: string): Header {
  const data = first?.data ?? Buffer.alloc(13);
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  if (width * height === 0 || width * height > mostPixels)
    throw badInputPicture(path, `must have 1 to ${mostPixels} pixels`, `${width} × ${height}`);
  const [depth = 0, colour = 0, , , interlace = 0] = data.subarray(8);
  const channels = [1, 0, 3, 1, 2, 0, 4][colour];
  if (!channels || ![1, 2, 4, 8, 16].includes(depth))
    throw badInputPicture(
      path,
      "must have colours of the format",
      `kind ${colour} with ${depth} bits`,
    );
  const rowBytes = 1 + Math.ceil((width * channels * depth) / 8);
  return { width, height, rowBytes, isInterlaced: interlace !== 0 };
}

function inflatedLength(data: Buffer, mostBytes: number): number | undefined {
  try {
    return inflateSync(data, { maxOutputLength: mostBytes }).length;
  } catch {
    return undefined;
  }
}
