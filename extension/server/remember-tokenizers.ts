// Tokenizers by where their words come from: reading one takes longer than counting with it.
import { readModelText } from "../../daemon/base/read-text.ts";
import type { TokenizerSource } from "../../daemon/base/tokenizer-source.ts";
import { loadTokenizer } from "../../daemon/tokens/load-tokenizer.ts";
import type { PromptTokenizer } from "../../daemon/tokens/prompt-tokenizer.ts";

/** `words` is the program's folder of vocabularies. The result throws what `loadTokenizer` throws. */
export function rememberTokenizers(words: string): (source: TokenizerSource) => PromptTokenizer {
  const known = new Map<string, PromptTokenizer>();
  return (source) => {
    const key = JSON.stringify(source);
    const tokenizer = known.get(key) ?? loadTokenizer(source, words, readModelText);
    known.set(key, tokenizer);
    return tokenizer;
  };
}
