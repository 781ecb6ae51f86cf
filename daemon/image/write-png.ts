// A picture as the bytes of a PNG file, with its recipe inside.
// The same picture and texts give the same bytes, with one version of zlib.
import { PNG } from "pngjs";
import type { Picture } from "./picture.ts";
import { pngSignature, writeChunk } from "./png-chunks.ts";

/** Texts inside the file, none of them required. */
export interface PictureTexts {
  /** The recipe that made the picture, in its own language. */
  readonly frecas?: string;
  /** The settings in the form of AUTOMATIC1111's web UI, which most tools read. */
  readonly parameters?: string;
}

/** The file; compression runs off this thread, filtering (50 ms for 2048² pixels) does not. */
export async function encodePng(picture: Picture, texts: PictureTexts): Promise<Uint8Array> {
  const file = await pack(picture);
  // Texts come right after the header, so that readers find them without the pixels.
  const header = pngSignature.length + 12 + 13;
  const chunks: Buffer[] = [];
  if (texts.frecas !== undefined) chunks.push(internationalText("frecas", texts.frecas));
  if (texts.parameters !== undefined) chunks.push(plainText("parameters", texts.parameters));
  return Buffer.concat([file.subarray(0, header), ...chunks, file.subarray(header)]);
}

function pack({ width, height, rgb }: Picture): Promise<Buffer> {
  const colour = 2;
  const paeth = 4;
  const png = new PNG({
    colorType: colour,
    inputColorType: colour,
    inputHasAlpha: false,
    filterType: paeth,
    deflateLevel: 6,
    deflateStrategy: 0,
  });
  // Given to the constructor, the size would allocate a second picture.
  Object.assign(png, { width, height });
  png.data = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    png.on("data", (part: Buffer) => parts.push(part));
    png.on("end", () => resolve(Buffer.concat(parts)));
    png.on("error", reject);
    png.pack();
  });
}

/** An iTXt chunk: UTF-8, not compressed, no language. */
function internationalText(keyword: string, text: string): Buffer {
  return writeChunk({ type: "iTXt", data: Buffer.from(`${keyword}\0\0\0\0\0${withoutNul(text)}`) });
}

/** A tEXt chunk where Latin-1 holds the text, as every reader knows that one; else iTXt. */
function plainText(keyword: string, text: string): Buffer {
  const isLatin1 = Array.from(text).every((character) => {
    return character !== "\0" && character <= "\u00ff";
  });
  if (!isLatin1) return internationalText(keyword, text);
  return writeChunk({ type: "tEXt", data: Buffer.from(`${keyword}\0${text}`, "latin1") });
}

/** NUL ends a text in PNG. */
function withoutNul(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}
