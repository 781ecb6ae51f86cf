// text_encoder/config.json and text_encoder_2/config.json of transformers (CLIPTextModel and
// CLIPTextModelWithProjection) as plain data.
// Reference: transformers src/transformers/models/clip/configuration_clip.py.
import { z } from "zod";
import type { ReadText } from "../base/read-json.ts";
import { checkWidths } from "./check-widths.ts";
import { readConfig } from "./read-config.ts";

export interface TextEncoderConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Tokens a prompt is padded or cut to. */
  readonly positions: number;
  readonly activation: "gelu" | "quick_gelu";
  readonly normEps: number;
}

/** An encoder that also sums a text up in one vector. */
export interface ProjectedTextEncoderConfig extends TextEncoderConfig {
  /** Width of that vector. */
  readonly projectionWidth: number;
  /** Whether a matrix of the checkpoint makes it; else it is the token's own, whatever the checkpoint has. */
  readonly projection: "matrix" | "none";
  /** The token whose place is projected. 2 is what old configs say; they mean the largest id of a text. */
  readonly endToken: number;
}

const schema = z.object({
  architectures: z.array(z.enum(["CLIPTextModel", "CLIPTextModelWithProjection"])).min(1),
  vocab_size: z
    .number()
    .int()
    .positive()
    .max(2 ** 24)
    .default(49408),
  hidden_size: z.number().int().positive().max(65_536),
  intermediate_size: z
    .number()
    .int()
    .positive()
    .max(2 ** 20),
  num_hidden_layers: z.number().int().positive().max(256),
  num_attention_heads: z.number().int().positive(),
  max_position_embeddings: z.number().int().min(3).max(65_536).default(77),
  hidden_act: z.enum(["gelu", "quick_gelu"]).default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
});

const projectedSchema = schema.extend({
  projection_dim: z.number().int().positive().max(65_536).default(512),
  eos_token_id: z.number().int().nonnegative().default(49407),
});

/** Reads folder/component/config.json. */
export function readTextEncoderConfig(
  folder: string,
  component: string,
  readText: ReadText,
): TextEncoderConfig {
  const file = `${component}/config.json`;
  return toConfig(`${folder}/${file}`, readConfig(schema, folder, file, readText));
}

/** Reads folder/component/config.json of an encoder with a projection. */
export function readProjectedTextEncoderConfig(
  folder: string,
  component: string,
  readText: ReadText,
): ProjectedTextEncoderConfig {
  const file = `${component}/config.json`;
  const raw = readConfig(projectedSchema, folder, file, readText);
  return {
    ...toConfig(`${folder}/${file}`, raw),
    projectionWidth: raw.projection_dim,
    projection: "matrix",
    endToken: raw.eos_token_id,
  };
}

function toConfig(file: string, raw: z.infer<typeof schema>): TextEncoderConfig {
  checkWidths(file, "heads", [{ channels: raw.hidden_size, parts: raw.num_attention_heads }]);
  return {
    vocabSize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    layers: raw.num_hidden_layers,
    heads: raw.num_attention_heads,
    positions: raw.max_position_embeddings,
    activation: raw.hidden_act,
    normEps: raw.layer_norm_eps,
  };
}
