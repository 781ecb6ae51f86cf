// unet/config.json of diffusers as plain data, with its many optional spellings made one.
// Reference: diffusers src/diffusers/models/unets/unet_2d_condition.py.
import { z } from "zod";
import { badConfig, unsupportedModel } from "../base/failure.ts";
import type { ReadText } from "../base/read-json.ts";
import { checkWidths } from "./check-widths.ts";
import { readConfig } from "./read-config.ts";

/** One level of the UNet; the middle block is as the smallest level. */
export interface UNetLevel {
  readonly channels: number;
  /** On the way down; the way up has one more. */
  readonly resnets: number;
  /** Whether the level's blocks look at the text, on the way down and on the way up. */
  readonly attendsDown: boolean;
  readonly attendsUp: boolean;
  /** Of its cross-attention. */
  readonly heads: number;
  /** Transformer blocks after each resnet. */
  readonly depth: number;
}

export interface UNetConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Native latent side. */
  readonly sampleSize: number;
  /** From the full latent size to the smallest. */
  readonly levels: readonly UNetLevel[];
  /** Width of the text embedding. */
  readonly crossAttentionDim: number;
  readonly linearProjection: boolean;
  readonly normGroups: number;
  readonly normEps: number;
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
  /** What is added to the timestep's embedding, null where nothing is (Stable Diffusion 1.x and 2.x). */
  readonly addition: UNetAddition | null;
}

/** SDXL's six numbers about the picture's size, and its text in one vector. */
export interface UNetAddition {
  /** Of the sinusoids of each number. */
  readonly timeWidth: number;
  /** Of the text's vector. */
  readonly pooledWidth: number;
}

/** Original height and width, top and left of the crop, height and width to paint. */
export const timeIdCount = 6;

/** Far above every model there is; a damaged number must not become a graph without end. */
const width = z.number().int().positive().max(65_536);
const count = z.number().int().positive().max(256);
const countOrList = z.union([count, z.array(count)]);

const schema = z.looseObject({
  _class_name: z.literal("UNet2DConditionModel"),
  in_channels: width,
  out_channels: width,
  sample_size: width,
  block_out_channels: z.array(width).min(1).max(16),
  layers_per_block: countOrList.default(2),
  down_block_types: z.array(z.string()),
  up_block_types: z.array(z.string()),
  cross_attention_dim: width,
  attention_head_dim: z.union([width, z.array(width)]).default(8),
  transformer_layers_per_block: countOrList.default(1),
  use_linear_projection: z.boolean().default(false),
  norm_num_groups: width.default(32),
  norm_eps: z.number().positive().default(1e-5),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.number().default(0),
  addition_embed_type: z.string().nullish(),
  addition_time_embed_dim: width.multipleOf(2).nullish(),
  projection_class_embeddings_input_dim: width.nullish(),
});

/** Keys that change what a UNet computes, and the one value of each that is built here (diffusers' default). */
const builtValues = {
  act_fn: "silu",
  attention_type: "default",
  center_input_sample: false,
  class_embed_type: null,
  conv_in_kernel: 3,
  conv_out_kernel: 3,
  cross_attention_norm: null,
  downsample_padding: 1,
  dual_cross_attention: false,
  encoder_hid_dim: null,
  mid_block_scale_factor: 1,
  mid_block_type: "UNetMidBlock2DCrossAttn",
  num_attention_heads: null,
  num_class_embeds: null,
  only_cross_attention: false,
  resnet_out_scale_factor: 1,
  resnet_time_scale_shift: "default",
  reverse_transformer_layers_per_block: null,
  time_cond_proj_dim: null,
  time_embedding_type: "positional",
  timestep_post_act: null,
} as const;

/** Reads folder/unet/config.json. Failures: incomplete, not understood, unsupported. */
export function readUNetConfig(folder: string, readText: ReadText): UNetConfig {
  const raw = readConfig(schema, folder, "unet/config.json", readText);
  const file = `${folder}/unet/config.json`;
  refuseOtherValues(raw, file);
  const last = raw.block_out_channels.length - 1;
  const levels = raw.block_out_channels.map((channels, level) => ({
    channels,
    resnets: each(raw.layers_per_block, level),
    attendsDown: attends(file, raw.down_block_types[level], "Down"),
    attendsUp: attends(file, raw.up_block_types[last - level], "Up"),
    // diffusers calls the number of heads attention_head_dim (huggingface/diffusers#2011).
    heads: each(raw.attention_head_dim, level),
    depth: each(raw.transformer_layers_per_block, level),
  }));
  const attending = levels.filter(
    (level, index) => level.attendsDown || level.attendsUp || index === last,
  );
  checkWidths(
    file,
    "heads",
    attending.map(({ channels, heads }) => ({ channels, parts: heads })),
  );
  checkWidths(
    file,
    "groups",
    levels.map(({ channels }) => ({ channels, parts: raw.norm_num_groups })),
  );
  return {
    inChannels: raw.in_channels,
    outChannels: raw.out_channels,
    sampleSize: raw.sample_size,
    levels,
    crossAttentionDim: raw.cross_attention_dim,
    linearProjection: raw.use_linear_projection,
    normGroups: raw.norm_num_groups,
    normEps: raw.norm_eps,
    flipSinToCos: raw.flip_sin_to_cos,
    freqShift: raw.freq_shift,
    addition: readAddition(raw, file),
  };
}

function readAddition(raw: z.infer<typeof schema>, file: string): UNetAddition | null {
  const {
    addition_embed_type: type = null,
    addition_time_embed_dim: timeWidth,
    projection_class_embeddings_input_dim: inputWidth,
  } = raw;
  if (type === null) return null;
  if (type !== "text_time")
    throw unsupportedModel(
      file,
      `addition_embed_type: ${JSON.stringify(type)}`,
      "one with addition_embed_type: null or text_time",
    );
  const pooledWidth = (inputWidth ?? 0) - timeIdCount * (timeWidth ?? 0);
  if (!timeWidth || pooledWidth <= 0)
    throw badConfig(
      file,
      `projection_class_embeddings_input_dim must be more than ${timeIdCount} times addition_time_embed_dim`,
      `${inputWidth} and ${timeWidth}`,
    );
  return { timeWidth, pooledWidth };
}

/** A key that is absent has diffusers' default. */
function refuseOtherValues(raw: Readonly<Record<string, unknown>>, file: string): void {
  for (const [key, built] of Object.entries(builtValues)) {
    const value = raw[key];
    if (value !== undefined && value !== built)
      throw unsupportedModel(file, `${key}: ${JSON.stringify(value)}`, `one with ${key}: ${built}`);
  }
}

function attends(file: string, type: string | undefined, way: "Down" | "Up"): boolean {
  const [cross, plain] = [`CrossAttn${way}Block2D`, `${way}Block2D`];
  if (type === cross) return true;
  if (type === plain) return false;
  throw unsupportedModel(file, `the block type ${type}`, `made of ${cross} and ${plain}`);
}

/** One value for all levels, or one for each. */
function each(value: number | readonly number[], level: number): number {
  return typeof value === "number" ? value : (value[level] ?? value[0] ?? 1);
}

/** Picture levels that look at the text (0 is the latent's size, each next one half of it); the middle block is on the last. */
export function mapLevels({ levels }: UNetConfig): readonly number[] {
  const last = levels.length - 1;
  return [...levels.keys()].filter(
    (level) => levels[level]?.attendsDown || levels[level]?.attendsUp || level === last,
  );
}
