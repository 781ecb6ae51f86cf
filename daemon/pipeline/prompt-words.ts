// The words of a prompt and the tokens that stand for them, over all text encoders of a model.
import type { PromptTokenizer } from "../tokens/prompt-tokenizer.ts";
import type { PromptWord } from "../trace/attention-file.ts";
import type { OpenTextEncoder } from "./open-model.ts";

type Encoder = Pick<OpenTextEncoder, "positions" | "place">;

/** In the order of the text; words without a token, such as those that a text encoder has no room for, are none of them. */
export function promptWords(
  text: string,
  encoders: readonly { readonly encoder: Encoder; readonly tokenizer: PromptTokenizer }[],
): readonly PromptWord[] {
  const placed = placeAll(text, encoders);
  const words = [...new Intl.Segmenter("en", { granularity: "word" }).segment(text)];
  return words.flatMap(({ segment, index: start, isWordLike }) => {
    const end = start + segment.length;
    const own = placed.filter((token) => token.start < end && token.end > start);
    if (!isWordLike || own.length === 0) return [];
    return [{ start, end, tokens: [...new Set(own.map(({ token }) => token))] }];
  });
}

/** Vectors beside those of another encoder are the same token's; others follow (as in encode-texts). */
function placeAll(text: string, encoders: Parameters<typeof promptWords>[1]) {
  let [row, below] = [0, 0];
  return encoders.flatMap(({ encoder: { positions, place }, tokenizer }) => {
    if (place === "after") row = below;
    below = row + positions;
    const first = row;
    return tokenizer
      .places(text, positions)
      .flatMap((where, index) => (where === null ? [] : [{ ...where, token: first + index }]));
  });
}
