// The LoRA files of test/lora/fixtures with the golden models they are for (see the README there).
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ModelConfig, readModelConfig } from "../../daemon/config/model-config.ts";
import { type LoraFile, loraNetworks } from "../../daemon/config/read-lora.ts";
import type { Component } from "../../daemon/weights/find-weights.ts";
import type { LoraLayers } from "../../daemon/weights/lora-layer.ts";
import { openLora } from "../../daemon/weights/open-lora.ts";
import { readText } from "./published-run.ts";
import { golden } from "./read-golden.ts";

export const loraModels = ["sd15", "sdxl", "sd3"] as const;

export type LoraModel = (typeof loraModels)[number];

/** Path of a file of the fixtures. */
export const loraFixture = (name: string): string =>
  fileURLToPath(new URL(`../lora/fixtures/${name}`, import.meta.url));

/** Both LoRAs of a model: diffusers' layout, then kohya's. */
export const loraFiles = (model: LoraModel): readonly string[] =>
  ["diffusers", "kohya"].map((layout) => loraFixture(`${model}-${layout}.safetensors`));

/** Weights of both LoRAs in each case of the reference. */
export const loraCases = {
  one: [1, 0],
  half: [0.5, 0],
  both: [0.8, 0.6],
  minus: [0, -0.7],
} as const;

/** The configs of a golden model. */
export const loraModelConfig = (model: LoraModel): ModelConfig =>
  readModelConfig(golden(`models/${model}`), readText);

/** What each file adds to a network of the model. */
export function layersOf(
  files: readonly string[],
  model: ModelConfig,
  component: Component,
): readonly (LoraLayers | undefined)[] {
  const networks = loraNetworks(model);
  return files.map((file) => openLora(file, networks).networks.get(component));
}

/** A file as plans name it. */
export function identify(file: string): LoraFile {
  const { size, mtimeMs } = statSync(file);
  return { file, bytes: size, modifiedMs: mtimeMs };
}
