// Prompts → what the denoising network is given for them: every encoder's vectors side by side (method §7).
import type { Tensor } from "../base/tensor.ts";
import type { ModelConfig, TextCondition } from "../config/model-config.ts";
import type { ClipTokenizer } from "../tokens/clip-tokenizer.ts";
import type { EncodedText, OpenTextEncoder } from "./open-model.ts";

/** `text` [1, tokens, width] as the network wants it, `pooled` [1, width of all that sum a text up] or null. */
export type TextEmbedding = EncodedText;

/** Each distinct text once. One encoder is open at a time, and none afterwards: the denoiser may need the room. */
export async function encodeTexts(
  texts: Iterable<string>,
  encoders: readonly { readonly encoder: OpenTextEncoder; readonly tokenizer: ClipTokenizer }[],
  { text: { positions }, condition }: Pick<ModelConfig, "text" | "condition">,
): Promise<ReadonlyMap<string, TextEmbedding>> {
  const all = new Map([...texts].map((text): [string, EncodedText[]] => [text, []]));
  for (const { encoder, tokenizer } of encoders) {
    for (const [text, encoded] of all)
      encoded.push(await encoder.encode(tokenizer.encode(text, positions).ids));
    await encoder.close();
  }
  return new Map([...all].map(([text, encoded]) => [text, join(encoded, condition)]));
}

/** Vectors of a token one after the other, and those of the whole text as well. */
function join(encoded: readonly EncodedText[], condition: TextCondition): TextEmbedding {
  const pooled = encoded.flatMap((each) => (each.pooled === null ? [] : [each.pooled.data]));
  const whole = Float32Array.from(pooled.flatMap((data) => [...data]));
  return {
    text: joinWidths(
      encoded.map(({ text }) => text),
      condition,
    ),
    pooled: pooled.length === 0 ? null : { shape: [1, whole.length], data: whole },
  };
}

/** [1, t, a] and [1, t, b] → [1, tokens, width], zeros where they don't reach. */
function joinWidths(parts: readonly Tensor[], { tokens, width }: TextCondition): Tensor {
  const data = new Float32Array(tokens * width);
  let at = 0;
  for (const part of parts) {
    const [, given = 0, own = 0] = part.shape;
    for (let token = 0; token < given; token += 1)
      data.set(part.data.subarray(token * own, (token + 1) * own), token * width + at);
    at += own;
  }
  return { shape: [1, tokens, width], data };
}
