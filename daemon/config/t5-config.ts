// text_encoder_3/config.json of transformers (T5EncoderModel, version 1.1) as plain data.
// Reference: transformers src/transformers/models/t5/configuration_t5.py.
import { z } from "zod";
import type { ReadText } from "../base/read-json.ts";
import { readConfig } from "./read-config.ts";

export interface T5Config {
  readonly vocabSize: number;
  readonly width: number;
  readonly heads: number;
  /** Channels of one head; all heads together may be wider or narrower than a token. */
  readonly headWidth: number;
  readonly feedForwardWidth: number;
  readonly layers: number;
  /** Distances between tokens are told apart in this many classes, up to `maxDistance`. */
  readonly buckets: number;
  readonly maxDistance: number;
  readonly normEps: number;
}

/** Tokens that a text is padded or cut to: diffusers' max_sequence_length. */
export const t5Tokens = 256;

const width = z.number().int().positive().max(65_536);
const count = z.number().int().positive().max(256);

const schema = z.object({
  architectures: z.array(z.literal("T5EncoderModel")).min(1),
  vocab_size: z
    .number()
    .int()
    .positive()
    .max(2 ** 24),
  d_model: width,
  d_kv: width,
  d_ff: z
    .number()
    .int()
    .positive()
    .max(2 ** 20),
  num_layers: count,
  num_heads: count,
  relative_attention_num_buckets: count.multipleOf(4).default(32),
  relative_attention_max_distance: width.default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  feed_forward_proj: z.literal("gated-gelu"),
});

/** Reads folder/text_encoder_3/config.json. Failures: incomplete, not understood. */
export function readT5Config(folder: string, readText: ReadText): T5Config {
  const raw = readConfig(schema, folder, "text_encoder_3/config.json", readText);
  return {
    vocabSize: raw.vocab_size,
    width: raw.d_model,
    heads: raw.num_heads,
    headWidth: raw.d_kv,
    feedForwardWidth: raw.d_ff,
    layers: raw.num_layers,
    buckets: raw.relative_attention_num_buckets,
    maxDistance: raw.relative_attention_max_distance,
    normEps: raw.layer_norm_epsilon,
  };
}
