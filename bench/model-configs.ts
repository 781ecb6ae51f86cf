// Architectures of well-known models as config files, for models of random weights.

import { readFileSync } from "node:fs";
import type { ConfigFiles } from "./make-model.ts";

const four = (name: string): readonly string[] => Array<string>(4).fill(name);
const tokenizer = new URL("../media/models/vista/tokenizer/", import.meta.url);
const tokenizerFile = (name: string): string => readFileSync(new URL(name, tokenizer), "utf8");

/** stabilityai/stable-diffusion-2-1-base; its tokenizer is the built-in model's, which knows fewer words. */
export const stableDiffusion21: ConfigFiles = {
  "model_index.json": { _class_name: "StableDiffusionPipeline" },
  "unet/config.json": {
    _class_name: "UNet2DConditionModel",
    in_channels: 4,
    out_channels: 4,
    sample_size: 64,
    block_out_channels: [320, 640, 1280, 1280],
    layers_per_block: 2,
    down_block_types: [...four("CrossAttnDownBlock2D").slice(1), "DownBlock2D"],
    up_block_types: ["UpBlock2D", ...four("CrossAttnUpBlock2D").slice(1)],
    cross_attention_dim: 1024,
    attention_head_dim: [5, 10, 20, 20],
    use_linear_projection: true,
  },
  "vae/config.json": {
    _class_name: "AutoencoderKL",
    latent_channels: 4,
    block_out_channels: [128, 256, 512, 512],
    layers_per_block: 2,
    down_block_types: four("DownEncoderBlock2D"),
    up_block_types: four("UpDecoderBlock2D"),
    sample_size: 512,
    scaling_factor: 0.18215,
  },
  "text_encoder/config.json": {
    architectures: ["CLIPTextModel"],
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 23,
    num_attention_heads: 16,
    hidden_act: "gelu",
    vocab_size: 49408,
  },
  "scheduler/scheduler_config.json": {
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: "scaled_linear",
    prediction_type: "epsilon",
    set_alpha_to_one: false,
  },
  "tokenizer/vocab.json": JSON.parse(tokenizerFile("vocab.json")),
  "tokenizer/merges.txt": tokenizerFile("merges.txt"),
  "tokenizer/tokenizer_config.json": JSON.parse(tokenizerFile("tokenizer_config.json")),
};
