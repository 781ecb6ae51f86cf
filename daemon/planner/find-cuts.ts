// Which of a recipe's texts the model's text encoders will cut, and where (method §7).

import { readModelText } from "../base/read-text.ts";
import { shorten } from "../base/shorten.ts";
import type { TokenizerSource } from "../base/tokenizer-source.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { t5Tokens } from "../config/t5-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { loadTokenizer } from "../tokens/load-tokenizer.ts";

/**
 * A sentence for each text that is too long, and each encoder that cuts it. `model` is as the plan uses it;
 * `wordsFolder` is the program's folder of vocabularies.
 */
export function findCuts(
  recipe: Recipe,
  model: ModelConfig,
  wordsFolder: string,
): readonly string[] {
  const texts: readonly Text[] = [
    ...recipe.prompts.map((words, index) => ({ name: `prompt ${index + 1}`, words })),
    ...(recipe.negative === undefined ? [] : [{ name: "negative", words: recipe.negative }]),
  ];
  return readersOf(model).flatMap((reader) => cutsOf(reader, texts, wordsFolder));
}

interface Text {
  readonly name: string;
  readonly words: string;
}

/** All encoders by CLIP cut at one place. */
interface Reader {
  readonly source: TokenizerSource;
  readonly positions: number;
  /** Of the positions, those for the text's own tokens. */
  readonly room: number;
  tell(name: string, start: string): string;
}

function readersOf(model: ModelConfig): readonly Reader[] {
  const { positions } = model.text;
  const room = positions - 2;
  const clip = { source: model.tokenizers.tokenizer, positions, room };
  const tellCut = (of: string) => (name: string, start: string) =>
    `${name}: must fit into ${of}, got more, so it is cut before "${start}"; shorten it`;
  if (model.family !== "sd3" || model.thirdText === null)
    return [{ ...clip, tell: tellCut(`${room} tokens`) }];
  const tell: Reader["tell"] = (name, start) =>
    `${name}: should fit into ${room} tokens of CLIP, got more, so T5 alone reads on from "${start}"; put what matters most before that`;
  const t5 = { source: model.tokenizers.tokenizer_3, positions: t5Tokens, room: t5Tokens - 1 };
  return [
    { ...clip, tell },
    { ...t5, tell: tellCut(`${t5.room} tokens of T5`) },
  ];
}

function cutsOf(
  { source, positions, room, tell }: Reader,
  texts: readonly Text[],
  wordsFolder: string,
): readonly string[] {
  // No token is shorter than a byte; short texts need no vocabulary.
  const long = texts.filter(({ words }) => Buffer.byteLength(words) > room);
  if (long.length === 0) return [];
  const tokenizer = loadTokenizer(source, wordsFolder, readModelText);
  return long.flatMap(({ name, words }) => {
    const { cutAt } = tokenizer.encode(words, positions);
    if (cutAt === null) return [];
    return [tell(name, shorten(words.slice(cutAt).trim(), 40))];
  });
}
