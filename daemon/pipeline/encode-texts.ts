// Prompts → what the denoising network is given for them: every encoder's vectors side by side (method §7).
import type { Tensor } from "../base/tensor.ts";
import type { ModelConfig, TextCondition } from "../config/model-config.ts";
import type { PromptTokenizer } from "../tokens/prompt-tokenizer.ts";
import type { EncodedText, OpenTextEncoder } from "./open-model.ts";

/** `text` [1, tokens, width] as the network wants it, `pooled` [1, width of all that sum a text up] or null. */
export type TextEmbedding = EncodedText;

/** How texts are encoded: the model's configs, and the weights of its LoRAs in their order. */
export interface TextSettings {
  readonly config: Pick<ModelConfig, "condition">;
  readonly loraWeights: readonly number[];
}

/** Each distinct text once. One encoder is open at a time, and none afterwards: the denoiser may need the room. */
export async function encodeTexts(
  texts: Iterable<string>,
  encoders: readonly { readonly encoder: OpenTextEncoder; readonly tokenizer: PromptTokenizer }[],
  { config, loraWeights }: TextSettings,
): Promise<ReadonlyMap<string, TextEmbedding>> {
  const all = new Map([...texts].map((text): [string, PlacedText[]] => [text, []]));
  for (const { encoder, tokenizer } of encoders) {
    for (const [text, encoded] of all) {
      const { ids } = tokenizer.encode(text, encoder.positions);
      encoded.push({ ...(await encoder.encode(ids, loraWeights)), place: encoder.place });
    }
    await encoder.close();
  }
  return new Map([...all].map(([text, encoded]) => [text, join(encoded, config.condition)]));
}

type PlacedText = EncodedText & Pick<OpenTextEncoder, "place">;

/** Vectors of tokens as they are placed, and those of the whole text one after the other. */
function join(encoded: readonly PlacedText[], condition: TextCondition): TextEmbedding {
  const pooled = encoded.flatMap((each) => (each.pooled === null ? [] : [each.pooled.data]));
  const whole = Float32Array.from(pooled.flatMap((data) => [...data]));
  return {
    text: joinTokens(encoded, condition),
    pooled: pooled.length === 0 ? null : { shape: [1, whole.length], data: whole },
  };
}

/** [1, t, a] and [1, t, b] → [1, tokens, width], zeros where they don't reach. */
function joinTokens(parts: readonly PlacedText[], { tokens, width }: TextCondition): Tensor {
  const data = new Float32Array(tokens * width);
  let [row, column, below] = [0, 0, 0];
  for (const { text, place } of parts) {
    const [, given = 0, own = 0] = text.shape;
    if (place === "after") [row, column] = [below, 0];
    for (let token = 0; token < given; token += 1)
      data.set(text.data.subarray(token * own, (token + 1) * own), (row + token) * width + column);
    [column, below] = [column + own, row + given];
  }
  return { shape: [1, tokens, width], data };
}
