// Families of models: what each must hold, and that its parts must fit each other.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ModelConfig, readModelConfig } from "../../daemon/config/model-config.ts";
import { golden } from "../support/read-golden.ts";

const folder = golden("models/sdxl");

/** The tiny SDXL with other values in its files. */
function read(changes: Readonly<Record<string, object>>): ModelConfig {
  return readModelConfig(folder, (path) => {
    const change = changes[path.slice(folder.length + 1)];
    const json = JSON.parse(readFileSync(path, "utf8"));
    return JSON.stringify({ ...json, ...change });
  });
}

test("SDXL has two text encoders, the second with a projection, and a UNet that is told the size", () => {
  expect(read({})).toMatchObject({
    family: "sdxl",
    exactVae: true,
    text: { hiddenSize: 16 },
    projectedText: { hiddenSize: 24, projectionWidth: 16, endToken: 795 },
    unet: { crossAttentionDim: 40, addition: { timeWidth: 8, pooledWidth: 16 } },
  });
});

test.each<readonly [Readonly<Record<string, object>>, RegExp]>([
  [
    { "model_index.json": { _class_name: "StableDiffusionXLImg2ImgPipeline" } },
    /must be a StableDiffusionPipeline .* or a StableDiffusion3Pipeline, got the class/,
  ],
  [
    { "model_index.json": { _class_name: "StableDiffusionPipeline" } },
    /unet\/config\.json: must be one with addition_embed_type: null/,
  ],
  [
    { "unet/config.json": { addition_embed_type: null } },
    /unet\/config\.json: must be one with addition_embed_type: text_time/,
  ],
  [
    { "text_encoder/config.json": { hidden_size: 18 } },
    /cross_attention_dim must be 42, .* got 40/,
  ],
  [
    { "text_encoder_2/config.json": { projection_dim: 20 } },
    /the pooled text's width must be 20, .* got 16/,
  ],
  [
    { "text_encoder_2/config.json": { max_position_embeddings: 60 } },
    /the first text encoder's positions must be 60, .* got 77/,
  ],
])("parts that do not fit are refused with the rule (%#)", (changes, expected) => {
  expect(() => read(changes)).toThrow(expected);
});
