// Which of a recipe's texts the model's text encoder will cut, and where (method §7).

import { readModelText } from "../base/read-text.ts";
import type { ModelConfig } from "../config/model-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { loadTokenizer } from "../tokens/load-tokenizer.ts";

/** A sentence for each text that is too long. `clipFolder` is where CLIP's own vocabulary is. */
export function findCuts(
  recipe: Recipe,
  { tokenizers, text }: ModelConfig,
  clipFolder: string,
): readonly string[] {
  const texts = [
    ...recipe.prompts.map((prompt, index) => [`prompt ${index + 1}`, prompt] as const),
    ...(recipe.negative === undefined ? [] : [["negative", recipe.negative] as const]),
  ];
  // No token is shorter than a byte, and two positions are taken; short texts need no vocabulary.
  const long = texts.filter(([, words]) => Buffer.byteLength(words) > text.positions - 2);
  if (long.length === 0) return [];
  const tokenizer = loadTokenizer(tokenizers.tokenizer, clipFolder, readModelText);
  return long.flatMap(([name, words]) => {
    const { cutAt } = tokenizer.encode(words, text.positions);
    if (cutAt === null) return [];
    const left = words.slice(cutAt).trim();
    const start = left.length > 40 ? `${left.slice(0, 40)}…` : left;
    return [
      `${name}: must fit into ${text.positions - 2} tokens, got more, so it is cut before "${start}"; shorten it`,
    ];
  });
}
