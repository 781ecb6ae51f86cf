// What every tokenizer of a text encoder does, whatever its words are.

import type { TextPlace } from "./place-tokens.ts";

interface EncodedPrompt {
  /** As many as asked for: those of the words, those around them, padding. */
  readonly ids: Int32Array;
  /** Ids before the padding, those around the words included. */
  readonly used: number;
  /** UTF-16 offset of the first character that did not fit, null where all did. */
  readonly cutAt: number | null;
}

export interface PromptTokenizer {
  /** `positions` is how many ids the text encoder wants, where it is not the usual number. */
  encode(text: string, positions?: number): EncodedPrompt;
  /** Which characters each of the ids before the padding stands for; null for those around the words. */
  places(text: string, positions?: number): readonly (TextPlace | null)[];
}
