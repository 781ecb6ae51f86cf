// Architectures of well-known models as config files, for models of random weights. Their tokenizer is the built-in
// model's, which knows fewer words.
import { readFileSync } from "node:fs";
import type { ConfigFiles } from "./make-model.ts";

const times = (count: number, name: string): readonly string[] => Array<string>(count).fill(name);

const tokenizer = (folder: string): ConfigFiles => {
  const source = new URL("../media/models/vista/tokenizer/", import.meta.url);
  const names = ["vocab.json", "merges.txt", "tokenizer_config.json"];
  return Object.fromEntries(
    names.map((name) => [`${folder}/${name}`, readFileSync(new URL(name, source), "utf8")]),
  );
};

const unet = {
  _class_name: "UNet2DConditionModel",
  in_channels: 4,
  out_channels: 4,
  layers_per_block: 2,
  use_linear_projection: true,
};

const vae = {
  _class_name: "AutoencoderKL",
  latent_channels: 4,
  block_out_channels: [128, 256, 512, 512],
  layers_per_block: 2,
  down_block_types: times(4, "DownEncoderBlock2D"),
  up_block_types: times(4, "UpDecoderBlock2D"),
};

const ddim = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: "scaled_linear",
  prediction_type: "epsilon",
  set_alpha_to_one: false,
};

/** OpenAI's CLIP ViT-L/14. */
const clipLarge = {
  architectures: ["CLIPTextModel"],
  hidden_size: 768,
  intermediate_size: 3072,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  hidden_act: "quick_gelu",
  vocab_size: 49408,
};

/** OpenCLIP's ViT-bigG/14. */
const clipBigG = {
  architectures: ["CLIPTextModelWithProjection"],
  hidden_size: 1280,
  intermediate_size: 5120,
  num_hidden_layers: 32,
  num_attention_heads: 20,
  hidden_act: "gelu",
  projection_dim: 1280,
  vocab_size: 49408,
  eos_token_id: 2,
};

/** stabilityai/stable-diffusion-2-1-base. */
export const stableDiffusion21: ConfigFiles = {
  "model_index.json": { _class_name: "StableDiffusionPipeline" },
  "unet/config.json": {
    ...unet,
    sample_size: 64,
    block_out_channels: [320, 640, 1280, 1280],
    down_block_types: [...times(3, "CrossAttnDownBlock2D"), "DownBlock2D"],
    up_block_types: ["UpBlock2D", ...times(3, "CrossAttnUpBlock2D")],
    cross_attention_dim: 1024,
    attention_head_dim: [5, 10, 20, 20],
  },
  "vae/config.json": { ...vae, sample_size: 512, scaling_factor: 0.18215 },
  "text_encoder/config.json": {
    architectures: ["CLIPTextModel"],
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 23,
    num_attention_heads: 16,
    hidden_act: "gelu",
    vocab_size: 49408,
  },
  "scheduler/scheduler_config.json": ddim,
  ...tokenizer("tokenizer"),
};

/** stabilityai/stable-diffusion-xl-base-1.0. */
export const stableDiffusionXL: ConfigFiles = {
  "model_index.json": { _class_name: "StableDiffusionXLPipeline" },
  "unet/config.json": {
    ...unet,
    sample_size: 128,
    block_out_channels: [320, 640, 1280],
    down_block_types: ["DownBlock2D", ...times(2, "CrossAttnDownBlock2D")],
    up_block_types: [...times(2, "CrossAttnUpBlock2D"), "UpBlock2D"],
    transformer_layers_per_block: [1, 2, 10],
    attention_head_dim: [5, 10, 20],
    cross_attention_dim: 2048,
    addition_embed_type: "text_time",
    addition_time_embed_dim: 256,
    projection_class_embeddings_input_dim: 2816,
  },
  "vae/config.json": { ...vae, sample_size: 1024, scaling_factor: 0.13025 },
  "text_encoder/config.json": clipLarge,
  "text_encoder_2/config.json": clipBigG,
  "scheduler/scheduler_config.json": ddim,
  ...tokenizer("tokenizer"),
  ...tokenizer("tokenizer_2"),
};

const smallText = {
  hidden_size: 64,
  intermediate_size: 256,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  hidden_act: "gelu",
  vocab_size: 49408,
  projection_dim: 64,
};

/** Stable Diffusion XL's architecture, a hundredth of its size, as if trained at 128 px. */
export const smallXL: ConfigFiles = {
  ...stableDiffusionXL,
  "unet/config.json": {
    ...unet,
    sample_size: 16,
    block_out_channels: [64, 128, 256],
    down_block_types: ["DownBlock2D", ...times(2, "CrossAttnDownBlock2D")],
    up_block_types: [...times(2, "CrossAttnUpBlock2D"), "UpBlock2D"],
    transformer_layers_per_block: [1, 1, 2],
    attention_head_dim: [2, 4, 8],
    cross_attention_dim: 128,
    addition_embed_type: "text_time",
    addition_time_embed_dim: 32,
    projection_class_embeddings_input_dim: 256,
  },
  "vae/config.json": {
    ...vae,
    block_out_channels: [32, 64, 64, 64],
    sample_size: 128,
    scaling_factor: 0.13025,
  },
  "text_encoder/config.json": { ...smallText, architectures: ["CLIPTextModel"] },
  "text_encoder_2/config.json": {
    ...smallText,
    architectures: ["CLIPTextModelWithProjection"],
    eos_token_id: 2,
  },
};

/** stabilityai/stable-diffusion-3-medium without its third text encoder, T5. */
export const stableDiffusion3: ConfigFiles = {
  "model_index.json": { _class_name: "StableDiffusion3Pipeline" },
  "transformer/config.json": {
    _class_name: "SD3Transformer2DModel",
    sample_size: 128,
    patch_size: 2,
    in_channels: 16,
    out_channels: 16,
    num_layers: 24,
    attention_head_dim: 64,
    num_attention_heads: 24,
    joint_attention_dim: 4096,
    caption_projection_dim: 1536,
    pooled_projection_dim: 2048,
    pos_embed_max_size: 192,
  },
  "vae/config.json": {
    ...vae,
    latent_channels: 16,
    sample_size: 1024,
    scaling_factor: 1.5305,
    shift_factor: 0.0609,
    use_quant_conv: false,
    use_post_quant_conv: false,
  },
  "text_encoder/config.json": {
    ...clipLarge,
    architectures: ["CLIPTextModelWithProjection"],
    projection_dim: 768,
    eos_token_id: 2,
  },
  "text_encoder_2/config.json": clipBigG,
  "scheduler/scheduler_config.json": { _class_name: "FlowMatchEulerDiscreteScheduler", shift: 3 },
  ...tokenizer("tokenizer"),
  ...tokenizer("tokenizer_2"),
};
