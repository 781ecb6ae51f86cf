// Texts and pixels out of PNG files, from here or from anywhere: damaged and hostile ones end in a Failure.
import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { badInputPicture } from "../base/failure.ts";
import { checkPixels } from "./check-pixels.ts";
import type { Picture } from "./picture.ts";
import { type Chunk, readChunks } from "./png-chunks.ts";

/** All texts of one file together; a workflow of another tool may be a few MB. */
const mostTextBytes = 32 * 2 ** 20;

/** Texts by keyword (tEXt, zTXt, iTXt; the last one where a keyword comes twice). `path` is for messages. Throws `badInputPicture`. */
export function readPngTexts(bytes: Uint8Array, path: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let left = mostTextBytes;
  for (const chunk of readChunks(bytes, path)) {
    if (!isText(chunk.type)) continue;
    const { keyword, content, isUtf8 } = readText(chunk, { path, left });
    left -= content.length;
    if (left < 0) throw tooMuchText(path);
    texts.set(keyword, content.toString(isUtf8 ? "utf8" : "latin1"));
  }
  return texts;
}

/** The pixels; what is transparent lies on white, 16 bits become 8. `path` is for messages. Throws `badInputPicture`. */
export function decodePng(bytes: Uint8Array, path: string): Picture {
  checkPixels(readChunks(bytes, path), path);
  let png: { readonly width: number; readonly height: number; readonly data: Buffer };
  try {
    png = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badInputPicture(path, "must be an undamaged PNG file", `"${why}"`);
  }
  const { width, height, data } = png;
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const alpha = data[from + 3] ?? 255;
    for (let channel = 0; channel < 3; channel += 1)
      rgb[to + channel] = onWhite(data[from + channel] ?? 0, alpha);
  }
  return { width, height, rgb };
}

/** A value 0..255 of `alpha` 0..255 before white, rounded. */
function onWhite(value: number, alpha: number): number {
  return alpha === 255 ? value : Math.round((value * alpha + 255 * (255 - alpha)) / 255);
}

type TextType = "tEXt" | "zTXt" | "iTXt";

function isText(type: string): type is TextType {
  return type === "tEXt" || type === "zTXt" || type === "iTXt";
}

interface Text {
  readonly keyword: string;
  readonly content: Buffer;
  readonly isUtf8: boolean;
}

/** What a chunk may still take, in bytes. */
interface Budget {
  readonly path: string;
  readonly left: number;
}

function readText({ type, data }: Chunk, budget: Budget): Text {
  const [keyword, rest] = cutAtNul(data, budget.path);
  const name = keyword.toString("latin1");
  if (type === "tEXt") return { keyword: name, content: rest, isUtf8: false };
  if (type === "zTXt") {
    const content = inflate(rest[0] ?? 0, rest.subarray(1), budget);
    return { keyword: name, content, isUtf8: false };
  }
  const [isCompressed = 0, method = 0] = rest;
  const [, afterLanguage] = cutAtNul(rest.subarray(2), budget.path);
  const [, text] = cutAtNul(afterLanguage, budget.path);
  const content = isCompressed === 0 ? text : inflate(method, text, budget);
  return { keyword: name, content, isUtf8: true };
}

function cutAtNul(data: Buffer, path: string): readonly [Buffer, Buffer] {
  const end = data.indexOf(0);
  if (end < 0)
    throw badInputPicture(path, "must be an undamaged PNG file", "a text without a name");
  return [data.subarray(0, end), data.subarray(end + 1)];
}

function inflate(method: number, bytes: Buffer, { path, left }: Budget): Buffer {
  if (method !== 0)
    throw badInputPicture(path, "must be an undamaged PNG file", `compression method ${method}`);
  try {
    return inflateSync(bytes, { maxOutputLength: left + 1 });
  } catch (error) {
    if (error instanceof RangeError) throw tooMuchText(path);
    throw badInputPicture(path, "must be an undamaged PNG file", "a text that cannot be read");
  }
}

function tooMuchText(path: string): Error {
  return badInputPicture(path, `must hold at most ${mostTextBytes} bytes of text`, "more");
}
