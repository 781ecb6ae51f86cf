// A model folder in diffusers format as plain data: its family and the config of each network.
// Reads config.json files only, never weights.
import { z } from "zod";
import { mixedModel, unsupportedModel } from "../base/failure.ts";
import type { ReadText } from "../base/read-json.ts";
import type { TokenizerSource } from "../base/tokenizer-source.ts";
import { type DdimSchedulerConfig, readDdimSchedulerConfig } from "./ddim-scheduler-config.ts";
import { type FlowSchedulerConfig, readFlowSchedulerConfig } from "./flow-scheduler-config.ts";
import { type MmditConfig, patchCells, readMmditConfig } from "./mmdit-config.ts";
import { readConfig } from "./read-config.ts";
import { readT5Config, type T5Config, t5Tokens } from "./t5-config.ts";
import {
  type ProjectedTextEncoderConfig,
  readProjectedTextEncoderConfig,
  readTextEncoderConfig,
  type TextEncoderConfig,
} from "./text-encoder-config.ts";
import { readUNetConfig, type UNetConfig } from "./unet-config.ts";
import { cellPx, readVaeConfig, type VaeConfig } from "./vae-config.ts";

/** Every kind of model that is built here. */
export type ModelConfig = StableDiffusionConfig | StableDiffusionXLConfig | StableDiffusion3Config;

/** Its name in plans. */
export type ModelFamily = ModelConfig["family"];

interface SharedConfig {
  /** Absolute; of a model in a single file, that file. */
  readonly folder: string;
  readonly tokenizers: Tokenizers;
  /** The first text encoder; all encoders by CLIP of a model have the same positions. */
  readonly text: TextEncoderConfig;
  readonly vae: VaeConfig;
  readonly sides: PictureSides;
  readonly condition: TextCondition;
}

/** Where the words of each text encoder are. */
export type Tokenizers = Readonly<
  Record<"tokenizer" | "tokenizer_2" | "tokenizer_3", TokenizerSource>
>;

/** Rules for the sides of pictures, in pixels. */
export interface PictureSides {
  /** What the model was trained on. */
  readonly nativePx: number;
  readonly multipleOfPx: number;
  /** null: any. */
  readonly largestPx: number | null;
}

/** What the denoising network is given of a prompt; encoders that give less are padded with zeros (method §7). */
export interface TextCondition {
  readonly tokens: number;
  readonly width: number;
}

interface UNetModelConfig extends SharedConfig {
  readonly unet: UNetConfig;
  readonly scheduler: DdimSchedulerConfig;
}

/** Stable Diffusion 1.x and 2.x: one CLIP text encoder, a UNet, a VAE. */
interface StableDiffusionConfig extends UNetModelConfig {
  readonly family: "sd";
  readonly exactVae: false;
}

/** SDXL: a second text encoder, whose vector of the whole text the UNet is given too. */
interface StableDiffusionXLConfig extends UNetModelConfig {
  readonly family: "sdxl";
  readonly projectedText: ProjectedTextEncoderConfig;
  /** Whether the VAE overflows in float16, and so always runs in float32 (method §4). */
  readonly exactVae: true;
}

/** Stable Diffusion 3 and 3.5: two text encoders with a vector of the whole text each, an MMDiT, flow matching. */
interface StableDiffusion3Config extends SharedConfig {
  readonly family: "sd3";
  readonly text: ProjectedTextEncoderConfig;
  readonly projectedText: ProjectedTextEncoderConfig;
  /** T5; null where the model has none, or where it is left out: then its tokens are zeros. */
  readonly thirdText: T5Config | null;
  readonly mmdit: MmditConfig;
  readonly scheduler: FlowSchedulerConfig;
  readonly exactVae: false;
}

const indexSchema = z.object({
  _class_name: z.string(),
  /** Library and class, both null where the folder was saved without it. */
  text_encoder_3: z.array(z.string().nullable()).nullish(),
});

type Index = z.infer<typeof indexSchema>;

/** Reads every config of the folder. Failures: incomplete folder, config not understood, unsupported class. */
export function readModelConfig(folder: string, readText: ReadText): ModelConfig {
  const index = readConfig(indexSchema, folder, "model_index.json", readText);
  switch (index._class_name) {
    case "StableDiffusionPipeline":
      return readStableDiffusion(folder, readText);
    case "StableDiffusionXLPipeline":
      return readStableDiffusionXL(folder, readText);
    case "StableDiffusion3Pipeline":
      return readStableDiffusion3(folder, index, readText);
    default:
      throw unsupportedModel(
        `${folder}/model_index.json`,
        `the class ${index._class_name}`,
        "a StableDiffusionPipeline (Stable Diffusion 1.x or 2.x), a StableDiffusionXLPipeline or a StableDiffusion3Pipeline",
      );
  }
}

function readStableDiffusion(folder: string, readText: ReadText): StableDiffusionConfig {
  return stableDiffusion(readUNetModel(folder, readText), `${folder}/unet/config.json`);
}

/** `file` is what a contradiction is told of. */
export function stableDiffusion(model: UNetModelParts, file: string): StableDiffusionConfig {
  if (model.unet.addition !== null)
    throw unsupportedModel(
      file,
      "addition_embed_type: text_time",
      "one with addition_embed_type: null, as a StableDiffusionPipeline needs it",
    );
  const { text, unet } = model;
  checkTexts(file, [["cross_attention_dim", unet.crossAttentionDim, text.hiddenSize]]);
  return { family: "sd", ...model, ...given(model), exactVae: false };
}

function readStableDiffusionXL(folder: string, readText: ReadText): StableDiffusionXLConfig {
  const model = readUNetModel(folder, readText);
  const projectedText = readProjectedTextEncoderConfig(folder, "text_encoder_2", readText);
  return stableDiffusionXL(model, projectedText, `${folder}/unet/config.json`);
}

/** `file` is what a contradiction is told of. */
export function stableDiffusionXL(
  model: UNetModelParts,
  projectedText: ProjectedTextEncoderConfig,
  file: string,
): StableDiffusionXLConfig {
  const { text, unet } = model;
  if (unet.addition === null)
    throw unsupportedModel(
      file,
      "addition_embed_type: null",
      "one with addition_embed_type: text_time, as a StableDiffusionXLPipeline needs it",
    );
  checkTexts(file, [
    ["cross_attention_dim", unet.crossAttentionDim, text.hiddenSize + projectedText.hiddenSize],
    ["the pooled text's width", unet.addition.pooledWidth, projectedText.projectionWidth],
    ["the first text encoder's positions", text.positions, projectedText.positions],
  ]);
  return { family: "sdxl", ...model, ...given(model), projectedText, exactVae: true };
}

type UNetModelParts = Omit<UNetModelConfig, "sides" | "condition">;

function readUNetModel(folder: string, readText: ReadText): UNetModelParts {
  return {
    folder,
    tokenizers: tokenizersIn(folder),
    text: readTextEncoderConfig(folder, "text_encoder", readText),
    unet: readUNetConfig(folder, readText),
    vae: readVaeConfig(folder, readText),
    scheduler: readDdimSchedulerConfig(folder, readText),
  };
}

/** What follows from the other configs. */
function given({ unet, text }: UNetModelParts): Pick<SharedConfig, "sides" | "condition"> {
  return {
    sides: { nativePx: unet.sampleSize * cellPx, multipleOfPx: cellPx, largestPx: null },
    condition: { tokens: text.positions, width: unet.crossAttentionDim },
  };
}

function tokenizersIn(folder: string): Tokenizers {
  const at = (name: string) => ({ kind: "folder", folder: `${folder}/${name}` }) as const;
  const third = { kind: "t5", folder: `${folder}/tokenizer_3` } as const;
  return { tokenizer: at("tokenizer"), tokenizer_2: at("tokenizer_2"), tokenizer_3: third };
}

function readStableDiffusion3(
  folder: string,
  index: Index,
  readText: ReadText,
): StableDiffusion3Config {
  // It is often left out of a download, for its size.
  const hasThird =
    index.text_encoder_3?.some((name) => name !== null) === true &&
    readText(`${folder}/text_encoder_3/config.json`) !== undefined;
  const model = {
    folder,
    tokenizers: tokenizersIn(folder),
    text: readProjectedTextEncoderConfig(folder, "text_encoder", readText),
    projectedText: readProjectedTextEncoderConfig(folder, "text_encoder_2", readText),
    thirdText: hasThird ? readT5Config(folder, readText) : null,
    mmdit: readMmditConfig(folder, readText),
    vae: readVaeConfig(folder, readText),
    scheduler: readFlowSchedulerConfig(folder, readText),
  };
  return stableDiffusion3(model, `${folder}/transformer/config.json`);
}

type StableDiffusion3Parts = Omit<
  StableDiffusion3Config,
  "family" | "sides" | "condition" | "exactVae"
>;

/** `file` is what a contradiction is told of. */
export function stableDiffusion3(
  model: StableDiffusion3Parts,
  file: string,
): StableDiffusion3Config {
  const { text, projectedText, thirdText, mmdit } = model;
  const joined = text.hiddenSize + projectedText.hiddenSize;
  const pooled = text.projectionWidth + projectedText.projectionWidth;
  checkTexts(file, [
    ["the least joint_attention_dim", Math.min(mmdit.textWidth, joined), joined],
    ["joint_attention_dim", mmdit.textWidth, thirdText?.width ?? mmdit.textWidth],
    ["pooled_projection_dim", mmdit.pooledWidth, pooled],
    ["the first text encoder's positions", text.positions, projectedText.positions],
  ]);
  const patchPx = patchCells * cellPx;
  return {
    family: "sd3",
    ...model,
    sides: {
      nativePx: mmdit.sampleSize * cellPx,
      multipleOfPx: patchPx,
      largestPx: mmdit.tableSide * patchPx,
    },
    condition: {
      // Without T5 as many tokens again as CLIP's, all of them zeros.
      tokens: text.positions + (thirdText === null ? text.positions : t5Tokens),
      width: mmdit.textWidth,
    },
    exactVae: false,
  };
}

/** The same model as if it had no T5. */
export function withoutT5(model: ModelConfig): ModelConfig {
  if (model.family !== "sd3") return model;
  const { positions } = model.text;
  const condition = { ...model.condition, tokens: 2 * positions };
  return { ...model, thirdText: null, condition };
}

/** The denoising network must be made for what the encoders give together (method §7). */
function checkTexts(
  file: string,
  rules: readonly (readonly [what: string, got: number, wanted: number])[],
): void {
  for (const [what, got, wanted] of rules)
    if (got !== wanted)
      throw mixedModel(file, `${what} must be ${wanted}, as the text encoders are`, `${got}`);
}
