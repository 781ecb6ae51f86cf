// Families of models: what each must hold, and that its parts must fit each other.
import { expect, test } from "vitest";
import { type ModelConfig, readModelConfig, withoutT5 } from "../../daemon/config/model-config.ts";
import { modelFixture } from "../support/fixture-networks.ts";
import { readText } from "../support/published-run.ts";
import { golden } from "../support/read-golden.ts";

type Changes = Readonly<Record<string, object>>;

/** A tiny model with other values in its files. */
function read(changes: Changes, model: "sdxl" | "sd3" | "sd35" = "sdxl"): ModelConfig {
  const folder = golden(`models/${model}`);
  return readModelConfig(folder, (path) => {
    const change = changes[path.slice(folder.length + 1)];
    const text = readText(path);
    return text && JSON.stringify({ ...JSON.parse(text), ...change });
  });
}

/** The tiny Stable Diffusion 3 with the tiny T5's config, changed. */
function withThird(third: object, changes: Changes): ModelConfig {
  const folder = golden("models/sd3");
  return readModelConfig(folder, (path) => {
    const file = path.slice(folder.length + 1);
    const isThird = file === "text_encoder_3/config.json";
    const text = readText(isThird ? modelFixture(`t5/${file}`) : path);
    const change = isThird ? third : changes[file];
    return text && JSON.stringify({ ...JSON.parse(text), ...change });
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

const scheduler = "scheduler/scheduler_config.json";

test("a schedule that ends in noise alone is one of v-prediction", () => {
  const rescaled = { rescale_betas_zero_snr: true };
  expect(read({}).scheduler).toMatchObject({ zeroTerminalSnr: false });
  expect(
    read({ [scheduler]: { ...rescaled, prediction_type: "v_prediction" } }).scheduler,
  ).toMatchObject({ parametrisation: "v_prediction", zeroTerminalSnr: true });
  expect(() => read({ [scheduler]: rescaled })).toThrow(
    /scheduler_config\.json: must be one with prediction_type: v_prediction .*, got rescale_betas_zero_snr: true with prediction_type: epsilon;/,
  );
});

test("Stable Diffusion 3 has two text encoders with projections, an MMDiT and flow matching", () => {
  expect(read({}, "sd3")).toMatchObject({
    family: "sd3",
    exactVae: false,
    text: { hiddenSize: 16, projectionWidth: 16 },
    projectedText: { hiddenSize: 24, projectionWidth: 24 },
    thirdText: null,
    mmdit: { heads: 4, headWidth: 8, pooledWidth: 40, tableSide: 32, queryKeyNorm: "none" },
    scheduler: { kind: "flow", shift: 3 },
    sides: { nativePx: 128, multipleOfPx: 16, largestPx: 512 },
    condition: { tokens: 154, width: 48 },
  });
});

test("Stable Diffusion 3.5 has norms of queries and keys, and attention of the picture's alone", () => {
  const [dual, joint] = [{ attention: "dual" }, { attention: "joint" }];
  expect(read({}, "sd35")).toMatchObject({
    mmdit: { queryKeyNorm: "rms", blocks: [dual, joint, joint] },
  });
});

const indexWithThird = { text_encoder_3: ["transformers", "T5EncoderModel"] };

test("a third text encoder is read where the index has it, and brings 256 tokens", () => {
  const config = withThird({}, { "model_index.json": indexWithThird });
  expect(config).toMatchObject({
    thirdText: { width: 48, heads: 3, headWidth: 4, layers: 3, buckets: 16, maxDistance: 60 },
    condition: { tokens: 77 + 256, width: 48 },
  });
  expect(withoutT5(config)).toEqual(read({}, "sd3"));
  expect(withThird({}, {})).toEqual(read({}, "sd3"));
});

test.each<readonly [object, RegExp]>([
  [{ architectures: ["T5ForConditionalGeneration"] }, /"architectures\.0" must be understood/],
  [{ feed_forward_proj: "relu" }, /"feed_forward_proj" must be understood/],
  [{ num_layers: 1e9 }, /"num_layers" must be understood/],
  [{ d_model: 40 }, /joint_attention_dim must be 40, .* got 48/],
])("a T5 that does not fit is refused with the rule (%#)", (changes, expected) => {
  expect(() => withThird(changes, { "model_index.json": indexWithThird })).toThrow(expected);
});

test("a T5 of the index that is not there is left out", () => {
  const config = read({ "model_index.json": indexWithThird }, "sd3");
  expect(config).toMatchObject({ thirdText: null, condition: { tokens: 154 } });
});

test.each<readonly [Changes, RegExp]>([
  [{ "transformer/config.json": { patch_size: 4 } }, /"patch_size" must be understood/],
  [{ "transformer/config.json": { qk_norm: "layer_norm" } }, /"qk_norm" must be understood/],
  [
    { "transformer/config.json": { caption_projection_dim: 30 } },
    /caption_projection_dim must be 32, the width of all heads, got 30/,
  ],
  [
    { "transformer/config.json": { joint_attention_dim: 32 } },
    /the least joint_attention_dim must be 40, .* got 32/,
  ],
  [
    { "text_encoder/config.json": { projection_dim: 20 } },
    /pooled_projection_dim must be 44, .* got 40/,
  ],
  [{ [scheduler]: { use_dynamic_shifting: true } }, /"use_dynamic_shifting" must be understood/],
])("a Stable Diffusion 3 that does not fit is refused with the rule (%#)", (changes, expected) => {
  expect(() => read(changes, "sd3")).toThrow(expected);
});

test.each<readonly [Changes, RegExp]>([
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
