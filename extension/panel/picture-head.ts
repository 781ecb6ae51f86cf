// What a PNG file says of itself before its pixels: its size, its seed, its recipe. Reads no more than that.
import { open } from "node:fs/promises";
import type { Size } from "../../daemon/base/size.ts";
import { pngSignature, writeChunk } from "../../daemon/image/png-chunks.ts";
import { readPngTexts } from "../../daemon/image/read-png.ts";

export interface PictureHead {
  /** Pixels. */
  readonly size: Size;
  /** Of this picture, where the file has the settings of A1111's form. */
  readonly seed: number | null;
  /** The recipe's text, where the file has one. */
  readonly recipe: string | null;
}

/** Pictures of this program have their texts in the first bytes; a longer recipe is read in a second go. */
const firstBytes = 16 * 2 ** 10;
const mostBytes = 2 ** 20;

/** Undefined for what is no PNG file, is damaged, or cannot be read. */
export async function readPictureHead(path: string): Promise<PictureHead | undefined> {
  try {
    const file = await open(path, "r");
    try {
      for (const length of [firstBytes, mostBytes]) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
        const head = parsePictureHead(buffer.subarray(0, bytesRead), path);
        if (head !== undefined || bytesRead < length) return head;
      }
      return undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** From a file's first bytes; undefined where the pixels do not begin in them. Throws `badInputPicture` for damage. */
function parsePictureHead(bytes: Buffer, path: string): PictureHead | undefined {
  if (!bytes.subarray(0, pngSignature.length).equals(pngSignature)) return undefined;
  const end = pixelsAt(bytes);
  if (end === undefined) return undefined;
  const small = Buffer.concat([
    bytes.subarray(0, end),
    writeChunk({ type: "IEND", data: Buffer.alloc(0) }),
  ]);
  const texts = readPngTexts(small, path);
  return {
    size: { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) },
    seed: seedIn(texts.get("parameters")),
    recipe: texts.get("frecas") ?? null,
  };
}

/** Where the first chunk of pixels begins. */
function pixelsAt(bytes: Buffer): number | undefined {
  let at = pngSignature.length;
  while (at + 8 <= bytes.length) {
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") return at;
    at += bytes.readUInt32BE(at) + 12;
  }
  return undefined;
}

function seedIn(parameters: string | undefined): number | null {
  const seed = parameters?.match(/(?:^|\n|, )Seed: (\d+)(?:,|$)/)?.[1];
  return seed === undefined ? null : Number(seed);
}
