// transformer/config.json of diffusers (SD3Transformer2DModel) as plain data.
// Reference: diffusers src/diffusers/models/transformers/transformer_sd3.py.
import { z } from "zod";
import { badConfig } from "../base/failure.ts";
import type { ReadText } from "../base/read-json.ts";
import { readConfig } from "./read-config.ts";

export interface MmditConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Native latent side. */
  readonly sampleSize: number;
  readonly heads: number;
  /** Channels of one head. */
  readonly headWidth: number;
  readonly blocks: readonly MmditBlock[];
  /** Width of the text embedding. */
  readonly textWidth: number;
  /** Width of the text in one vector. */
  readonly pooledWidth: number;
  /** Side of the square table of positions, in patches: no picture has a longer one. */
  readonly tableSide: number;
  /** Norm of each head's queries and keys. */
  readonly queryKeyNorm: "none" | "rms";
}

/** One joint block: `dual` ones have an attention of the picture's alone beside the joint one. */
export interface MmditBlock {
  readonly attention: "joint" | "dual";
}

/** Latent cells along a side of a patch, the network's token: the only size that is built. */
export const patchCells = 2;

/** The picture level of the patches: half the latent's size. All blocks look at the text there. */
export const mmditMapLevel = 1;

/** Channels of the timestep's sinusoids. */
export const mmditTimeWidth = 256;

/** Channels of all heads together: the width of every token inside the network. */
export const widthOf = ({ heads, headWidth }: MmditConfig): number => heads * headWidth;

const width = z.number().int().positive().max(65_536);
const count = z.number().int().positive().max(256);

const schema = z.object({
  _class_name: z.literal("SD3Transformer2DModel"),
  patch_size: z.literal(patchCells).default(patchCells),
  in_channels: width.default(16),
  out_channels: width.nullish(),
  sample_size: width.default(128),
  num_layers: count.default(18),
  attention_head_dim: width.default(64),
  num_attention_heads: count.default(18),
  joint_attention_dim: width.default(4096),
  caption_projection_dim: width.default(1152),
  pooled_projection_dim: width.default(2048),
  pos_embed_max_size: width.default(96),
  dual_attention_layers: z.array(z.number().int().nonnegative()).nullish(),
  qk_norm: z.literal("rms_norm").nullish(),
});

/** Reads folder/transformer/config.json. Failures: incomplete, not understood. */
export function readMmditConfig(folder: string, readText: ReadText): MmditConfig {
  const raw = readConfig(schema, folder, "transformer/config.json", readText);
  const inner = raw.num_attention_heads * raw.attention_head_dim;
  if (raw.caption_projection_dim !== inner)
    throw badConfig(
      `${folder}/transformer/config.json`,
      `caption_projection_dim must be ${inner}, the width of all heads`,
      `${raw.caption_projection_dim}`,
    );
  const dual = new Set(raw.dual_attention_layers ?? []);
  return {
    inChannels: raw.in_channels,
    outChannels: raw.out_channels ?? raw.in_channels,
    sampleSize: raw.sample_size,
    heads: raw.num_attention_heads,
    headWidth: raw.attention_head_dim,
    blocks: Array.from({ length: raw.num_layers }, (_, index) => ({
      attention: dual.has(index) ? "dual" : "joint",
    })),
    textWidth: raw.joint_attention_dim,
    pooledWidth: raw.pooled_projection_dim,
    tableSide: raw.pos_embed_max_size,
    queryKeyNorm: raw.qk_norm === "rms_norm" ? "rms" : "none",
  };
}
