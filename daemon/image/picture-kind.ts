// What kind of picture a file is, by its first bytes: names lie, and a failed download is often another thing.
import { badInputPicture } from "../base/failure.ts";
import { pngSignature } from "./png-chunks.ts";

/** The formats that are read here. `path` is for messages. Throws `badInputPicture` that names any other. */
export function pictureKind(bytes: Uint8Array, path: string): "png" | "jpeg" {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64));
  if (head.subarray(0, pngSignature.length).equals(pngSignature)) return "png";
  if (head.subarray(0, 3).equals(jpegSignature)) return "jpeg";
  const text = head.toString("latin1");
  const other = others.find(([pattern]) => pattern.test(text))?.[1] ?? "other bytes";
  throw badInputPicture(path, "must be a PNG or JPEG file", other);
}

const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);

const others: readonly (readonly [RegExp, string])[] = [
  [/^$/, "an empty file"],
  [/^RIFF[\s\S]{4}WEBP/, "a WebP picture"],
  [/^GIF8[79]a/, "a GIF picture"],
  [/^[\s\S]{4}ftyp(avif|avis)/, "an AVIF picture"],
  [/^[\s\S]{4}ftyp(heic|heix|mif1|msf1)/, "a HEIC picture"],
  [/^(II\*\0|MM\0\*)/, "a TIFF picture"],
  [/^BM/, "a BMP picture"],
  [/^version https:\/\/git-lfs/, "a pointer of Git LFS instead of the picture"],
  [/^\s*<(!doctype html|html)/i, "a web page"],
];
