// vae/config.json of diffusers (AutoencoderKL) as plain data.
// Reference: diffusers src/diffusers/models/autoencoders/autoencoder_kl.py.
import { z } from "zod";
import type { ReadText } from "../base/read-json.ts";
import { checkWidths } from "./check-widths.ts";
import { readConfig } from "./read-config.ts";

/** Pixels along one side of a latent cell: the only size that is built. */
export const cellPx = 8;

export interface VaeConfig {
  readonly latentChannels: number;
  /** Channels of each level, from the picture's size down. */
  readonly channels: readonly number[];
  readonly layersPerBlock: number;
  readonly normGroups: number;
  readonly scalingFactor: number;
  readonly shiftFactor: number;
  /** Side in pixels of a tile when tiling is on. */
  readonly sampleSize: number;
  readonly quantConv: boolean;
  readonly postQuantConv: boolean;
  readonly middleAttention: boolean;
}

const schema = z.object({
  _class_name: z.literal("AutoencoderKL"),
  in_channels: z.literal(3).default(3),
  out_channels: z.literal(3).default(3),
  latent_channels: z.number().int().positive().max(65_536),
  block_out_channels: z.array(z.number().int().positive().max(65_536)).min(1).max(16),
  down_block_types: z.array(z.literal("DownEncoderBlock2D")),
  up_block_types: z.array(z.literal("UpDecoderBlock2D")),
  layers_per_block: z.number().int().positive().max(256).default(1),
  norm_num_groups: z.number().int().positive().default(32),
  scaling_factor: z.number().positive().default(0.18215),
  shift_factor: z.number().nullish(),
  sample_size: z.number().int().positive().default(512),
  act_fn: z.literal("silu").default("silu"),
  use_quant_conv: z.boolean().default(true),
  use_post_quant_conv: z.boolean().default(true),
  mid_block_add_attention: z.boolean().default(true),
});

/** Reads folder/vae/config.json. */
export function readVaeConfig(folder: string, readText: ReadText): VaeConfig {
  const raw = readConfig(schema, folder, "vae/config.json", readText);
  checkWidths(
    `${folder}/vae/config.json`,
    "groups",
    raw.block_out_channels.map((channels) => ({ channels, parts: raw.norm_num_groups })),
  );
  return {
    latentChannels: raw.latent_channels,
    channels: raw.block_out_channels,
    layersPerBlock: raw.layers_per_block,
    normGroups: raw.norm_num_groups,
    scalingFactor: raw.scaling_factor,
    shiftFactor: raw.shift_factor ?? 0,
    sampleSize: raw.sample_size,
    quantConv: raw.use_quant_conv,
    postQuantConv: raw.use_post_quant_conv,
    middleAttention: raw.mid_block_add_attention,
  };
}
