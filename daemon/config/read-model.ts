// A model by its path: a folder in diffusers format with its config.json files, or a single file, whose configs are
// detected from the header. Both come to the same plain data.
import { dirname, join } from "node:path";
import type { ReadText } from "../base/read-json.ts";
import { isSingleFile } from "../base/single-file.ts";
import type { Component } from "../weights/find-weights.ts";
import { type Checkpoint, openCheckpoint } from "../weights/open-checkpoint.ts";
import type { Weights } from "../weights/weight-scope.ts";
import type { DdimSchedulerConfig } from "./ddim-scheduler-config.ts";
import { detectMmdit, detectT5 } from "./detect-mmdit.ts";
import {
  detectProjectedTextEncoder,
  detectTextEncoder,
  detectUNet,
  detectVae,
} from "./detect-networks.ts";
import {
  type FamilyRules,
  type LayoutRules,
  type MmditRules,
  publishedRules,
  type UNetRules,
} from "./family-rules.ts";
import {
  type ModelConfig,
  readModelConfig,
  stableDiffusion,
  stableDiffusion3,
  stableDiffusionXL,
  type Tokenizers,
} from "./model-config.ts";
import { type StoredShapes, storedShapes } from "./stored-shapes.ts";

/** `rules` are for single files of other sizes than the published ones. Throws Failures. */
export function readModel(
  path: string,
  readText: ReadText,
  rules: LayoutRules = publishedRules,
): ModelConfig {
  if (!isSingleFile(path)) return readModelConfig(path, readText);
  return detectModel(path, openCheckpoint(path), rules);
}

/** A single file's configs from its checkpoint. */
export function detectModel(file: string, checkpoint: Checkpoint, rules: LayoutRules): ModelConfig {
  const { layout } = checkpoint;
  return layout === "sd3"
    ? detectStableDiffusion3(file, checkpoint, rules[layout])
    : detectUNetModel(file, checkpoint, rules[layout]);
}

function detectUNetModel(file: string, checkpoint: Checkpoint, rules: UNetRules): ModelConfig {
  const shapesOf = shapesIn(checkpoint);
  const text = detectTextEncoder(shapesOf("text_encoder"), rules, { file, which: 0 });
  const shared = {
    folder: file,
    text,
    vae: detectVae(shapesOf("vae"), rules, file),
    scheduler: scheduler(checkpoint, rules),
    tokenizers: tokenizers(file, rules, { clip: text.vocabSize, t5: null }),
  };
  const unet = (pooledWidth: number | null) =>
    detectUNet(shapesOf("unet"), rules, { file, pooledWidth });
  if (checkpoint.layout !== "sdxl") return stableDiffusion({ ...shared, unet: unet(null) }, file);
  const second = { file, which: 1 } as const;
  const projectedText = detectProjectedTextEncoder(shapesOf("text_encoder_2"), rules, second);
  return stableDiffusionXL(
    { ...shared, unet: unet(projectedText.projectionWidth) },
    projectedText,
    file,
  );
}

function detectStableDiffusion3(
  file: string,
  checkpoint: Checkpoint,
  rules: MmditRules,
): ModelConfig {
  const shapesOf = shapesIn(checkpoint);
  const encoder = (component: "text_encoder" | "text_encoder_2", which: 0 | 1) =>
    detectProjectedTextEncoder(shapesOf(component), rules, { file, which });
  const text = encoder("text_encoder", 0);
  const hasT5 = checkpoint.networks.has("text_encoder_3");
  const thirdText = hasT5 ? detectT5(shapesOf("text_encoder_3"), rules, file) : null;
  const words = { clip: text.vocabSize, t5: thirdText?.vocabSize ?? null };
  const model = {
    folder: file,
    tokenizers: tokenizers(file, rules, words),
    text,
    projectedText: encoder("text_encoder_2", 1),
    thirdText,
    mmdit: detectMmdit(shapesOf("transformer"), rules, file),
    vae: detectVae(shapesOf("vae"), rules, file),
    scheduler: { kind: "flow", trainTimesteps: 1000, shift: rules.shift },
  } as const;
  return stableDiffusion3(model, file);
}

/** Of a network that the checkpoint holds. */
function shapesIn({ networks }: Checkpoint): (component: Component) => StoredShapes {
  return (component) => storedShapes(networks.get(component) as Weights);
}

/** The noise that every model of these families was trained on. */
function scheduler(checkpoint: Checkpoint, rules: UNetRules): DdimSchedulerConfig {
  return {
    kind: "ddim",
    trainTimesteps: 1000,
    betaStart: 0.00085,
    betaEnd: 0.012,
    betaSchedule: "scaled_linear",
    parametrisation: checkpoint.says === "nothing" ? rules.parametrisation : "v_prediction",
    setAlphaToOne: false,
    zeroTerminalSnr: checkpoint.says === "v to zero SNR",
  };
}

/** Rows of CLIP's table of words, and of T5's, whose vocabularies come with the program. */
const [clipWords, t5Words] = [49408, 32128];

/** The program's own where the encoder has as many words; else the folders beside the file. */
function tokenizers(
  file: string,
  { texts }: FamilyRules,
  words: { readonly clip: number; readonly t5: number | null },
): Tokenizers {
  const [first, second = first] = texts;
  const beside = (name: string): string => join(dirname(file), name);
  const source = (name: string, padding: "end" | "first" = "end") =>
    words.clip === clipWords
      ? ({ kind: "built-in", padding } as const)
      : ({ kind: "folder", folder: beside(name) } as const);
  return {
    tokenizer: source("tokenizer", first?.padding),
    tokenizer_2: source("tokenizer_2", second?.padding),
    tokenizer_3: { kind: "t5", folder: words.t5 === t5Words ? null : beside("tokenizer_3") },
  };
}
