// A model folder in diffusers format as plain data: its family and the config of each network.
// Reads config.json files only, never weights.
import { z } from "zod";
import { badConfig, unsupportedModel } from "../base/failure.ts";
import type { ReadText } from "../base/read-json.ts";
import { readConfig } from "./read-config.ts";
import { readSchedulerConfig, type SchedulerConfig } from "./scheduler-config.ts";
import {
  type ProjectedTextEncoderConfig,
  readProjectedTextEncoderConfig,
  readTextEncoderConfig,
  type TextEncoderConfig,
} from "./text-encoder-config.ts";
import { readUNetConfig, type UNetConfig } from "./unet-config.ts";
import { readVaeConfig, type VaeConfig } from "./vae-config.ts";

/** Every kind of model that is built here. */
export type ModelConfig = StableDiffusionConfig | StableDiffusionXLConfig;

/** Its name in plans. */
export type ModelFamily = ModelConfig["family"];

interface SharedConfig {
  /** Absolute. */
  readonly folder: string;
  /** The first text encoder; all encoders of a model have the same positions. */
  readonly text: TextEncoderConfig;
  readonly unet: UNetConfig;
  readonly vae: VaeConfig;
  readonly scheduler: SchedulerConfig;
}

/** Stable Diffusion 1.x and 2.x: one CLIP text encoder, a UNet, a VAE. */
interface StableDiffusionConfig extends SharedConfig {
  readonly family: "sd";
  readonly exactVae: false;
}

/** SDXL: a second text encoder, whose vector of the whole text the UNet is given too. */
interface StableDiffusionXLConfig extends SharedConfig {
  readonly family: "sdxl";
  readonly projectedText: ProjectedTextEncoderConfig;
  /** Whether the VAE overflows in float16, and so always runs in float32 (method §4). */
  readonly exactVae: true;
}

const indexSchema = z.object({ _class_name: z.string() });

/** Reads every config of the folder. Failures: incomplete folder, config not understood, unsupported class. */
export function readModelConfig(folder: string, readText: ReadText): ModelConfig {
  const index = readConfig(indexSchema, folder, "model_index.json", readText);
  switch (index._class_name) {
    case "StableDiffusionPipeline":
      return readStableDiffusion(folder, readText);
    case "StableDiffusionXLPipeline":
      return readStableDiffusionXL(folder, readText);
    default:
      throw unsupportedModel(
        `${folder}/model_index.json`,
        `the class ${index._class_name}`,
        "a StableDiffusionPipeline (Stable Diffusion 1.x or 2.x) or a StableDiffusionXLPipeline",
      );
  }
}

function readStableDiffusion(folder: string, readText: ReadText): StableDiffusionConfig {
  const shared = readShared(folder, readText);
  if (shared.unet.addition !== null)
    throw unsupportedModel(
      `${folder}/unet/config.json`,
      "addition_embed_type: text_time",
      "one with addition_embed_type: null, as a StableDiffusionPipeline needs it",
    );
  return { family: "sd", ...shared, exactVae: false };
}

function readStableDiffusionXL(folder: string, readText: ReadText): StableDiffusionXLConfig {
  const shared = readShared(folder, readText);
  const projectedText = readProjectedTextEncoderConfig(folder, "text_encoder_2", readText);
  checkTexts(folder, shared, projectedText);
  return { family: "sdxl", ...shared, projectedText, exactVae: true };
}

function readShared(folder: string, readText: ReadText): SharedConfig {
  return {
    folder,
    text: readTextEncoderConfig(folder, "text_encoder", readText),
    unet: readUNetConfig(folder, readText),
    vae: readVaeConfig(folder, readText),
    scheduler: readSchedulerConfig(folder, readText),
  };
}

/** The UNet must be made for what both encoders give together (method §7). */
function checkTexts(
  folder: string,
  { text, unet }: SharedConfig,
  projectedText: ProjectedTextEncoderConfig,
): void {
  const file = `${folder}/unet/config.json`;
  if (unet.addition === null)
    throw unsupportedModel(
      file,
      "addition_embed_type: null",
      "one with addition_embed_type: text_time, as a StableDiffusionXLPipeline needs it",
    );
  const rules = [
    ["cross_attention_dim", unet.crossAttentionDim, text.hiddenSize + projectedText.hiddenSize],
    ["the pooled text's width", unet.addition.pooledWidth, projectedText.projectionWidth],
    ["the first text encoder's positions", text.positions, projectedText.positions],
  ] as const;
  for (const [what, got, wanted] of rules)
    if (got !== wanted)
      throw badConfig(file, `${what} must be ${wanted}, as the text encoders are`, `${got}`);
}
