// Recipes and models for the plan's tests. Real models are the config files that their publishers ship,
// cut to the keys that matter; no weights.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { showSize } from "../../daemon/base/size.ts";
import { type ModelConfig, readModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan, type PlanOptions } from "../../daemon/plan/make-plan.ts";
import type { Plan, PlannedStage, PlannedStep } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { golden } from "../support/read-golden.ts";

const start = { line: 0, column: 0, offset: 0 };

/** A recipe that says nothing but a prompt, with changes. */
export const recipeOf = (changes: Partial<Recipe> = {}): Recipe => ({
  name: "dawn",
  model: undefined,
  prompts: ["a lake"],
  negative: undefined,
  seed: undefined,
  images: undefined,
  guidance: undefined,
  size: undefined,
  stages: undefined,
  gamma: undefined,
  frequencyGuidance: undefined,
  attentionReuse: undefined,
  lora: undefined,
  tiling: undefined,
  precision: undefined,
  t5: undefined,
  variant: undefined,
  method: undefined,
  demofusion: undefined,
  scalecrafter: undefined,
  init: undefined,
  compare: [],
  output: undefined,
  metadata: undefined,
  range: { start, end: start },
  source: "prompt: a lake\n",
  ...changes,
});

export const optionsOf = (changes: Partial<PlanOptions> = {}): PlanOptions => ({
  modelName: "vista",
  seedForRandom: 11,
  provider: "cpu",
  loras: [],
  memoryBytes: 2 ** 40,
  outputFolder: "/home/me/recipes",
  examinePicture: (path) => {
    throw new Error(`no picture ${path}`);
  },
  ...changes,
});

export const square = (side: number): { readonly width: number; readonly height: number } => ({
  width: side,
  height: side,
});

const fromDisk = (folder: string): ModelConfig =>
  readModelConfig(folder, (path) => readFileSync(path, "utf8"));

export const vista = stableDiffusion(
  fromDisk(fileURLToPath(new URL("../../media/models/vista", import.meta.url))),
);

export const tiny = (name: string): ModelConfig => fromDisk(golden(`models/${name}`));

function stableDiffusion(model: ModelConfig): Extract<ModelConfig, { family: "sd" }> {
  if (model.family !== "sd")
    throw new Error(`${model.folder}: must be a Stable Diffusion 1.x or 2.x`);
  return model;
}

type DdimStep = Extract<PlannedStep, { kind: "ddim" }>;

/** A stage's steps, with their ᾱ. */
export const ddimSteps = (stage: PlannedStage | undefined): readonly DdimStep[] =>
  (stage?.steps ?? []).flatMap((step) => (step.kind === "ddim" ? [step] : []));

const unet = {
  _class_name: "UNet2DConditionModel",
  in_channels: 4,
  out_channels: 4,
  sample_size: 64,
  block_out_channels: [320, 640, 1280, 1280],
  down_block_types: [...Array(3).fill("CrossAttnDownBlock2D"), "DownBlock2D"],
  up_block_types: ["UpBlock2D", ...Array(3).fill("CrossAttnUpBlock2D")],
  cross_attention_dim: 768,
};

const files = {
  "model_index.json": { _class_name: "StableDiffusionPipeline" },
  "unet/config.json": unet,
  "vae/config.json": {
    _class_name: "AutoencoderKL",
    latent_channels: 4,
    block_out_channels: [128, 256, 512, 512],
    layers_per_block: 2,
    sample_size: 512,
    down_block_types: Array(4).fill("DownEncoderBlock2D"),
    up_block_types: Array(4).fill("UpDecoderBlock2D"),
  },
  "text_encoder/config.json": {
    architectures: ["CLIPTextModel"],
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
  },
  "scheduler/scheduler_config.json": {
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: "scaled_linear",
    set_alpha_to_one: false,
  },
};

const shipped = (changes: Readonly<Record<string, object>>): ModelConfig => {
  const all: Readonly<Record<string, object>> = { ...files, ...changes };
  return readModelConfig("/models/sd", (path) =>
    JSON.stringify(all[path.slice("/models/sd/".length)]),
  );
};

/** Stable Diffusion 1.5. */
export const sd15 = shipped({});

/** Stable Diffusion 2.1 base; `sd21v` is the one trained at 768 px. */
const sd21Unet = {
  ...unet,
  cross_attention_dim: 1024,
  attention_head_dim: [5, 10, 20, 20],
  use_linear_projection: true,
};
const sd21Text = {
  architectures: ["CLIPTextModel"],
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 23,
  num_attention_heads: 16,
};
export const sd21 = shipped({
  "unet/config.json": sd21Unet,
  "text_encoder/config.json": sd21Text,
});
export const sd21v = shipped({
  "unet/config.json": { ...sd21Unet, sample_size: 96 },
  "text_encoder/config.json": sd21Text,
});

/** OpenCLIP bigG, the second text encoder of SDXL and of Stable Diffusion 3. */
const bigText = {
  architectures: ["CLIPTextModelWithProjection"],
  hidden_size: 1280,
  intermediate_size: 5120,
  num_hidden_layers: 32,
  num_attention_heads: 20,
  hidden_act: "gelu",
  projection_dim: 1280,
  eos_token_id: 2,
};

/** SDXL 1.0 base. */
export const sdxl = shipped({
  "model_index.json": { _class_name: "StableDiffusionXLPipeline" },
  "unet/config.json": {
    ...unet,
    sample_size: 128,
    block_out_channels: [320, 640, 1280],
    down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    up_block_types: ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    transformer_layers_per_block: [1, 2, 10],
    attention_head_dim: [5, 10, 20],
    cross_attention_dim: 2048,
    use_linear_projection: true,
    addition_embed_type: "text_time",
    addition_time_embed_dim: 256,
    projection_class_embeddings_input_dim: 2816,
  },
  "vae/config.json": { ...files["vae/config.json"], sample_size: 1024, scaling_factor: 0.13025 },
  "text_encoder_2/config.json": bigText,
});

/** Stable Diffusion 3 medium; `sd35` is 3.5 medium. */
const sd3Transformer = {
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
};
const sd3Files = {
  "model_index.json": { _class_name: "StableDiffusion3Pipeline", text_encoder_3: [null, null] },
  "transformer/config.json": sd3Transformer,
  "vae/config.json": {
    ...files["vae/config.json"],
    latent_channels: 16,
    sample_size: 1024,
    scaling_factor: 1.5305,
    shift_factor: 0.0609,
    use_quant_conv: false,
    use_post_quant_conv: false,
  },
  "text_encoder/config.json": {
    ...files["text_encoder/config.json"],
    architectures: ["CLIPTextModelWithProjection"],
    projection_dim: 768,
    eos_token_id: 2,
  },
  "text_encoder_2/config.json": bigText,
  "scheduler/scheduler_config.json": { _class_name: "FlowMatchEulerDiscreteScheduler", shift: 3 },
};
export const sd3 = shipped(sd3Files);
/** With T5-XXL. */
export const sd3t5 = shipped({
  ...sd3Files,
  "model_index.json": {
    _class_name: "StableDiffusion3Pipeline",
    text_encoder_3: ["transformers", "T5EncoderModel"],
  },
  "text_encoder_3/config.json": {
    architectures: ["T5EncoderModel"],
    d_ff: 10240,
    d_kv: 64,
    d_model: 4096,
    feed_forward_proj: "gated-gelu",
    num_heads: 64,
    num_layers: 24,
    vocab_size: 32128,
  },
});
export const sd35 = shipped({
  ...sd3Files,
  "transformer/config.json": {
    ...sd3Transformer,
    pos_embed_max_size: 384,
    qk_norm: "rms_norm",
    dual_attention_layers: Array.from({ length: 13 }, (_, index) => index),
  },
});

/** A model that is not a plain text-to-image one: its UNet also takes a mask and a masked picture. */
export const inpainting = shipped({
  "unet/config.json": { ...sd21Unet, in_channels: 9 },
  "text_encoder/config.json": sd21Text,
});

/** The plan on a machine with plenty of memory, of the built-in model unless another is given. */
export const planOf = (recipe: Partial<Recipe>, model: ModelConfig = vista): Plan =>
  makePlan(recipeOf(recipe), model, optionsOf()).plan;

/** Its stages as people write them. */
export const outline = (plan: Plan): string =>
  plan.stages
    .map(({ size, steps }) => {
      const [first, last] = [steps[0]?.timestep, steps.at(-1)?.timestep];
      return `${showSize(size, "x")} ${steps.length} ${first}-${last}`;
    })
    .join(" | ");
