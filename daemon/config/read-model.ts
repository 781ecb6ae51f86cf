// A model by its path: a folder in diffusers format with its config.json files, or a single file, whose configs are
// detected from the header. Both come to the same plain data.
import { dirname, join } from "node:path";
import type { ReadText } from "../base/read-json.ts";
import { isSingleFile } from "../base/single-file.ts";
import {
  type Checkpoint,
  type CheckpointLayout,
  openCheckpoint,
} from "../weights/open-checkpoint.ts";
import type { Weights } from "../weights/weight-scope.ts";
import type { DdimSchedulerConfig } from "./ddim-scheduler-config.ts";
import {
  detectProjectedTextEncoder,
  detectTextEncoder,
  detectUNet,
  detectVae,
} from "./detect-networks.ts";
import { type FamilyRules, publishedRules } from "./family-rules.ts";
import {
  type ModelConfig,
  readModelConfig,
  stableDiffusion,
  stableDiffusionXL,
  type Tokenizers,
} from "./model-config.ts";
import { type StoredShapes, storedShapes } from "./stored-shapes.ts";

/** `rules` are for single files of other sizes than the published ones. Throws Failures. */
export function readModel(
  path: string,
  readText: ReadText,
  rules: Readonly<Record<CheckpointLayout, FamilyRules>> = publishedRules,
): ModelConfig {
  if (!isSingleFile(path)) return readModelConfig(path, readText);
  const checkpoint = openCheckpoint(path);
  return detectModel(path, checkpoint, rules[checkpoint.layout]);
}

/** A single file's configs from its checkpoint. */
export function detectModel(file: string, checkpoint: Checkpoint, rules: FamilyRules): ModelConfig {
  const shapesOf = (component: "unet" | "vae" | "text_encoder" | "text_encoder_2"): StoredShapes =>
    storedShapes(checkpoint.networks.get(component) as Weights);
  const text = detectTextEncoder(shapesOf("text_encoder"), rules, { file, which: 0 });
  const shared = {
    folder: file,
    text,
    vae: detectVae(shapesOf("vae"), rules, file),
    scheduler: scheduler(checkpoint, rules),
    tokenizers: tokenizers(file, text.vocabSize, rules),
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

/** The noise that every model of these families was trained on. */
function scheduler(checkpoint: Checkpoint, rules: FamilyRules): DdimSchedulerConfig {
  return {
    kind: "ddim",
    trainTimesteps: 1000,
    betaStart: 0.00085,
    betaEnd: 0.012,
    betaSchedule: "scaled_linear",
    parametrisation: checkpoint.saysVPrediction ? "v_prediction" : rules.parametrisation,
    setAlphaToOne: false,
  };
}

/** Of CLIP's vocabulary, which comes with the program. */
const clipVocabulary = 49408;

/** CLIP's own where the encoder has as many words; else the folders beside the file. */
function tokenizers(file: string, vocabSize: number, { texts }: FamilyRules): Tokenizers {
  const [first, second = first] = texts;
  const source = (name: string, padding: "end" | "first" = "end") =>
    vocabSize === clipVocabulary
      ? ({ kind: "built-in", padding } as const)
      : ({ kind: "folder", folder: join(dirname(file), name) } as const);
  return {
    tokenizer: source("tokenizer", first?.padding),
    tokenizer_2: source("tokenizer_2", second?.padding),
    tokenizer_3: { kind: "t5", folder: join(dirname(file), "tokenizer_3") },
  };
}
