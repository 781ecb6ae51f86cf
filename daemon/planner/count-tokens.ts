// How many tokens a text is for a model's text encoders, and how many they read (method §7).
import type { TokenizerSource } from "../base/tokenizer-source.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { t5Tokens } from "../config/t5-config.ts";
import type { PromptTokenizer } from "../tokens/prompt-tokenizer.ts";

export interface TokenCount {
  /** All encoders by CLIP count alike. */
  readonly encoder: "CLIP" | "T5";
  /** With those that stand around the text; more than `positions` where the text is cut. */
  readonly used: number;
  readonly positions: number;
}

/** `model` is as the plan uses it: without T5 where that reads nothing. `load` may throw Failures, and so may this. */
export function countTokens(
  text: string,
  model: ModelConfig,
  load: (source: TokenizerSource) => PromptTokenizer,
): readonly TokenCount[] {
  // No token is shorter than a byte.
  const most = Buffer.byteLength(text) + 2;
  const count = (source: TokenizerSource): number =>
    load(source).encode(text.slice(0, longestText), Math.min(most, longestText)).used;
  const { tokenizers } = model;
  const clip: TokenCount = {
    encoder: "CLIP",
    used: count(tokenizers.tokenizer),
    positions: model.text.positions,
  };
  if (model.family !== "sd3" || model.thirdText === null) return [clip];
  return [clip, { encoder: "T5", used: count(tokenizers.tokenizer_3), positions: t5Tokens }];
}

/** Nobody counts the tokens of a book while it is typed. */
const longestText = 4000;
