// Prompts → what the UNet is given for them: every encoder's vectors side by side (method §7).
import type { Tensor } from "../base/tensor.ts";
import type { ClipTokenizer } from "../tokens/clip-tokenizer.ts";
import type { EncodedText, OpenTextEncoder } from "./open-model.ts";

/** `text` [1, tokens, width of all encoders], `pooled` [1, width] where the UNet wants it. */
export type TextEmbedding = EncodedText;

/** Each distinct text once. One encoder is open at a time, and none afterwards: the UNet may need the room. */
export async function encodeTexts(
  texts: Iterable<string>,
  encoders: readonly { readonly encoder: OpenTextEncoder; readonly tokenizer: ClipTokenizer }[],
  positions: number,
): Promise<ReadonlyMap<string, TextEmbedding>> {
  const all = new Map([...texts].map((text): [string, EncodedText[]] => [text, []]));
  for (const { encoder, tokenizer } of encoders) {
    for (const [text, encoded] of all)
      encoded.push(await encoder.encode(tokenizer.encode(text, positions).ids));
    await encoder.close();
  }
  return new Map([...all].map(([text, encoded]) => [text, join(encoded)]));
}

/** Vectors of a token one after the other; the last encoder that sums the text up does so for all. */
function join(encoded: readonly EncodedText[]): TextEmbedding {
  const pooled = encoded.reduce((last: Tensor | null, each) => each.pooled ?? last, null);
  return { text: joinWidths(encoded.map(({ text }) => text)), pooled };
}

/** [1, tokens, a] and [1, tokens, b] → [1, tokens, a + b]. */
function joinWidths(parts: readonly Tensor[]): Tensor {
  const [, tokens = 0] = parts[0]?.shape ?? [];
  const width = parts.reduce((sum, { shape }) => sum + (shape[2] ?? 0), 0);
  const data = new Float32Array(tokens * width);
  let at = 0;
  for (const part of parts) {
    const [, , own = 0] = part.shape;
    for (let token = 0; token < tokens; token += 1)
      data.set(part.data.subarray(token * own, (token + 1) * own), token * width + at);
    at += own;
  }
  return { shape: [1, tokens, width], data };
}
