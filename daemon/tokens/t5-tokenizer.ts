// A prompt as T5's token ids, padded or cut. Choosing pieces of words is @huggingface/tokenizers'; what is around that
// follows Hugging Face's Rust tokenizers to the last id (special tokens are found in prompts too). Reads no files.
import { Tokenizer } from "@huggingface/tokenizers";
import { escapePattern } from "./clip-tokenizer.ts";
import { findCut } from "./find-cut.ts";
import { placeTokens } from "./place-tokens.ts";
import type { PromptTokenizer } from "./prompt-tokenizer.ts";

/** A token found in the text as written, with or without the whitespace beside it. */
export interface T5SpecialToken {
  readonly content: string;
  readonly id: number;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

/** What a tokenizer.json says, read and checked. */
export interface T5Vocabulary {
  /** Each with its score, in the order of ids. */
  readonly pieces: readonly (readonly [string, number])[];
  readonly unknownId: number;
  readonly specials: readonly T5SpecialToken[];
  readonly endId: number;
  readonly paddingId: number;
  /** The map of characters, before all else. */
  normalize(text: string): string;
  /** The steps after it that the library takes, as tokenizer.json writes them. */
  readonly normalizers: readonly object[];
  readonly preTokenizers: readonly object[];
}

/** The tokenizer of a vocabulary: words, end, padding. At least 1 position; 256 in Stable Diffusion 3. */
export function t5Tokenizer(vocabulary: T5Vocabulary): PromptTokenizer {
  const split = specialSplitter(vocabulary, wordSplitter(vocabulary));
  const normalize = (segment: string) => withoutMarks(vocabulary.normalize(segment));
  return {
    encode(text, positions = 256) {
      const tokens = split(text);
      const kept = tokens.slice(0, positions - 1);
      const ids = new Int32Array(positions).fill(vocabulary.paddingId);
      ids.set([...kept.map(({ id }) => id), vocabulary.endId]);
      const bytes = kept.reduce((sum, token) => sum + token.bytes, 0);
      const cutAt = kept.length < tokens.length ? findCut(text, bytes, normalize) : null;
      return { ids, used: kept.length + 1, cutAt };
    },
    places(text, positions = 256) {
      const lengths = split(text).map(({ bytes }) => bytes);
      return [...placeTokens(text, lengths, normalize).slice(0, positions - 1), null];
    },
  };
}

/** `bytes` is the length of the normalized text it stands for, without whitespace, in UTF-8. */
interface Token {
  readonly id: number;
  readonly bytes: number;
}

type Splitter = (text: string) => readonly Token[];

function specialSplitter({ specials }: T5Vocabulary, splitRest: Splitter): Splitter {
  if (specials.length === 0) return splitRest;
  const longestFirst = [...specials].sort((a, b) => b.content.length - a.content.length);
  const space = (strips: boolean): string => (strips ? "\\p{White_Space}*" : "");
  const patterns = longestFirst.map(
    ({ content, lstrip, rstrip }) => `${space(lstrip)}${escapePattern(content)}${space(rstrip)}`,
  );
  const pattern = new RegExp(`(${patterns.join("|")})`, "u");
  const ids = new Map(specials.map(({ content, id }) => [content, id]));
  return (text) =>
    // Every other part is a token.
    text.split(pattern).flatMap((part, index) => {
      if (index % 2 === 0) return splitRest(part);
      const content = part.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
      return [{ id: ids.get(content) as number, bytes: Buffer.byteLength(content) }];
    });
}

interface Pieces {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

const mark = "\u2581";

const withoutMarks = (text: string): string => text.replaceAll(mark, "");

function wordSplitter(vocabulary: T5Vocabulary): Splitter {
  const tokenizer = new Tokenizer(describe(vocabulary), {});
  return (text) => {
    if (text === "") return [];
    const normalized = vocabulary.normalize(text);
    const { ids, tokens }: Pieces = tokenizer.encode(normalized, { add_special_tokens: false });
    return tokens.map((token, index) => ({
      id: ids[index] ?? vocabulary.unknownId,
      bytes: Buffer.byteLength(withoutMarks(token)),
    }));
  };
}

/** As in tokenizer.json, without what is done above. */
function describe({ pieces, unknownId, normalizers, preTokenizers }: T5Vocabulary): object {
  // The library's Metaspace marks words and leaves them together; apart, their scores add up as the reference's do.
  const apart = {
    type: "Split",
    pattern: { Regex: `${mark}?[^${mark}]+|${mark}` },
    behavior: "Removed",
    invert: true,
  };
  return {
    added_tokens: [],
    normalizer: { type: "Sequence", normalizers },
    pre_tokenizer: { type: "Sequence", pretokenizers: [...preTokenizers, apart] },
    post_processor: null,
    decoder: null,
    model: { type: "Unigram", unk_id: unknownId, vocab: pieces, byte_fallback: false },
  };
}
