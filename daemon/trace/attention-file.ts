// A stage's attention maps by the words of the prompt, as a safetensors file: what the next stage reuses, for people to see.
// Any reader of the format can open it; values are bytes with a scale for each map.
import { Failure } from "../base/failure.ts";
import type { Size } from "../base/size.ts";
import type { Tensor } from "../base/tensor.ts";
import { headerStart, parseHeader, parseHeaderLength } from "../weights/parse-header.ts";
import { encodeSafetensors } from "../weights/write-safetensors.ts";

/** A word of the prompt. */
export interface PromptWord {
  /** UTF-16 offsets in the prompt: the first character, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Its tokens, as places in the text that the network is given. */
  readonly tokens: readonly number[];
}

export interface KeptAttention {
  readonly prompt: string;
  readonly words: readonly PromptWord[];
  /** Of the maps, in their cells; a cell is as large a part of the picture wherever it is. */
  readonly grid: Size;
  /** [images, words, h, w]: how much of each place's attention the word has, 0..1. */
  readonly maps: Tensor;
}

const version = "1";

/** The file. Maps come back within a five-hundredth of their largest value. */
export function encodeAttention({ prompt, words, maps }: KeptAttention): Uint8Array {
  const [images = 0, count = 0, height = 0, width = 0] = maps.shape;
  const cells = height * width;
  const scales = new Float32Array(images * count);
  const values = new Uint8Array(maps.data.length);
  for (let map = 0; map < scales.length; map += 1) {
    const from = maps.data.subarray(map * cells, (map + 1) * cells);
    const scale = from.reduce((most, value) => Math.max(most, value), 0) / 255;
    scales[map] = scale;
    if (scale > 0)
      values.set(
        from.map((value) => Math.round(value / scale)),
        map * cells,
      );
  }
  return encodeSafetensors(
    new Map([
      ["scales", { dtype: "F32", shape: [images, count], values: scales }],
      ["maps", { dtype: "U8", shape: maps.shape, values }],
    ]),
    { attention: version, prompt, words: JSON.stringify(words) },
  );
}

/** Undefined for bytes that are no such file. */
export function decodeAttention(bytes: Uint8Array): KeptAttention | undefined {
  try {
    const length = parseHeaderLength("attention", bytes, bytes.length);
    const header = bytes.subarray(headerStart, headerStart + length);
    const { tensors, metadata } = parseHeader("attention", header, bytes.length);
    const [maps, scales] = [tensors.get("maps"), tensors.get("scales")];
    const [prompt, words] = [metadata.get("prompt"), metadata.get("words")];
    if (metadata.get("attention") !== version) return undefined;
    if (!(maps && scales) || prompt === undefined || words === undefined) return undefined;
    const [, , height = 0, width = 0] = maps.shape;
    // In a buffer of its own, for floats must be aligned.
    const scaleBytes = Uint8Array.from(
      bytes.subarray(scales.offset, scales.offset + scales.length),
    );
    const scale = new Float32Array(scaleBytes.buffer);
    const data = Float32Array.from(
      bytes.subarray(maps.offset, maps.offset + maps.length),
      (value, at) => value * (scale[Math.floor(at / (height * width))] ?? 0),
    );
    return {
      prompt,
      words: JSON.parse(words),
      grid: { width, height },
      maps: { shape: maps.shape, data },
    };
  } catch (error) {
    if (error instanceof Failure || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
