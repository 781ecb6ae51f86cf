// A prompt as CLIP's token ids, padded or cut to the text encoder's positions.
// Splitting and merging are @huggingface/tokenizers'; what is around them here follows transformers'
// CLIPTokenizer to the last id (its special tokens are found in prompts too). Reads no files.
import { Tokenizer } from "@huggingface/tokenizers";
import { findCut } from "./find-cut.ts";
import { normalizePrompt } from "./normalize-prompt.ts";
import { placeTokens } from "./place-tokens.ts";
import type { PromptTokenizer } from "./prompt-tokenizer.ts";

/** A token with a meaning of its own. `normalized`: found in the normalized text, else in the text as written. */
export interface SpecialToken {
  readonly content: string;
  readonly id: number;
  readonly normalized: boolean;
}

/** The files of a tokenizer folder, read and checked. */
export interface Vocabulary {
  readonly ids: Readonly<Record<string, number>>;
  /** Pairs to join, the first one first. */
  readonly merges: readonly (readonly [string, string])[];
  readonly start: SpecialToken;
  readonly end: SpecialToken;
  readonly padding: SpecialToken;
}

/** The tokenizer of a vocabulary: start, words, end, padding. At least 2 positions; 77 for every CLIP in use. */
export function clipTokenizer(vocabulary: Vocabulary): PromptTokenizer {
  const { start, end, padding } = vocabulary;
  const split = tokenSplitter(vocabulary);
  return {
    encode(text, positions = 77) {
      const tokens = split(text);
      const kept = tokens.slice(0, positions - 2);
      const ids = new Int32Array(positions).fill(padding.id);
      ids.set([start.id, ...kept.map(({ id }) => id), end.id]);
      const bytes = kept.reduce((sum, token) => sum + token.bytes, 0);
      const cutAt = kept.length < tokens.length ? findCut(text, bytes, normalizePrompt) : null;
      return { ids, used: kept.length + 2, cutAt };
    },
    places(text, positions = 77) {
      const lengths = split(text).map(({ bytes }) => bytes);
      const kept = placeTokens(text, lengths, normalizePrompt).slice(0, positions - 2);
      return [null, ...kept, null];
    },
  };
}

/** `bytes` is the length of the normalized text it stands for, in UTF-8. */
interface Token {
  readonly id: number;
  readonly bytes: number;
}

/** First the special tokens of the text as written, then those of the normalized text, then words. */
function tokenSplitter(vocabulary: Vocabulary): (text: string) => readonly Token[] {
  const words = wordSplitter(vocabulary);
  const specials = [vocabulary.start, vocabulary.end, vocabulary.padding];
  const normalized = specialSplitter(
    specials
      .filter((special) => special.normalized)
      .map((special) => ({ ...special, content: normalizePrompt(special.content) })),
    words,
  );
  return specialSplitter(
    specials.filter((special) => !special.normalized),
    (text) => normalized(normalizePrompt(text)),
  );
}

function specialSplitter(
  specials: readonly SpecialToken[],
  splitRest: (text: string) => readonly Token[],
): (text: string) => readonly Token[] {
  if (specials.length === 0) return splitRest;
  const tokens = new Map(
    specials.map(({ content, id }) => [content, { id, bytes: Buffer.byteLength(content) }]),
  );
  const longestFirst = [...tokens.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(${longestFirst.map(escapePattern).join("|")})`, "u");
  return (text) =>
    text.split(pattern).flatMap((part) => {
      const token = tokens.get(part);
      return token ? [token] : splitRest(part);
    });
}

/** The text with no letter that means more than itself in a pattern. */
export function escapePattern(text: string): string {
  return text.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
}

const endOfWord = "</w>";

interface Pieces {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

function wordSplitter(vocabulary: Vocabulary): (text: string) => readonly Token[] {
  const tokenizer = new Tokenizer(describe(vocabulary), {});
  return (text) => {
    const { ids, tokens }: Pieces = tokenizer.encode(text, { add_special_tokens: false });
    // In a byte-level vocabulary each character of a token is one byte of the text.
    return tokens.map((token, index) => ({
      id: ids[index] ?? vocabulary.end.id,
      bytes: token.endsWith(endOfWord) ? token.length - endOfWord.length : token.length,
    }));
  };
}

/** As in tokenizer.json, without what is done above. */
function describe({ ids, merges, start, end }: Vocabulary): object {
  const specials = [start.content, end.content].map(escapePattern).join("|");
  const contractions = "'s|'t|'re|'ve|'m|'ll|'d";
  return {
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        splitInto(`${specials}|${contractions}|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+`),
        // ByteLevel has this pattern built in, but takes U+FEFF for whitespace, as JavaScript does.
        splitInto(`${contractions}|\\p{L}+|\\p{N}+|[^\\s\\p{L}\\p{N}]+`),
        { type: "ByteLevel", use_regex: false },
      ],
    },
    post_processor: null,
    decoder: null,
    model: {
      type: "BPE",
      unk_token: end.content,
      end_of_word_suffix: endOfWord,
      vocab: ids,
      merges,
    },
  };
}

function splitInto(pattern: string): object {
  return { type: "Split", pattern: { Regex: pattern }, behavior: "Removed", invert: true };
}
