// LoRA files that are refused, each with one sentence that names the file and the tensor.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readLoras } from "../../daemon/config/read-lora.ts";
import {
  type LoraModel,
  loraFiles,
  loraFixture,
  loraModelConfig,
} from "../support/lora-fixtures.ts";
import { readTensors } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-lora-"));
afterAll(() => rmSync(workplace, { recursive: true }));

type Tensors = ReadonlyMap<string, Tensor>;

function write(tensors: Tensors): string {
  const file = join(workplace, "some.safetensors");
  writeTensors(file, tensors, "F32");
  return file;
}

function check(file: string, code: string, message: RegExp, model: LoraModel = "sd15"): void {
  expect(() => readLoras([file], loraModelConfig(model))).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
}

/** Diffusers' file with tensors more, or others. */
const having = (tensors: Readonly<Record<string, Tensor>>): string =>
  write(
    new Map([
      ...readTensors(loraFixture("sd15-diffusers.safetensors")),
      ...Object.entries(tensors),
    ]),
  );

const zeros = (...shape: readonly number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((size, side) => size * side, 1)),
});

const block = "unet.down_blocks.0.attentions.0.transformer_blocks.0";
const q = `${block}.attn1.to_q`;

describe("a LoRA of another model", () => {
  it("is refused with the first tensor that does not fit, and both shapes", () =>
    check(
      having({
        [`${block}.attn2.to_k.lora_A.weight`]: zeros(3, 40),
        [`${block}.attn2.to_k.lora_B.weight`]: zeros(16, 3),
      }),
      "weights.lora",
      /^lora .*some\.safetensors: tensor unet\.down_blocks\.0\.attentions\.0\.transformer_blocks\.0\.attn2\.to_k\.lora_A\.weight must have shape \[3, 24\], as down_blocks\.0\.attentions\.0\.transformer_blocks\.0\.attn2\.to_k of this model needs it, got \[3, 40\] \(44 of the file's 46 tensors fit this model\); use a LoRA that was made for this model's family$/,
    ));

  it.each([
    ["SDXL's on Stable Diffusion 1", loraFiles("sdxl")[0], "sd15"],
    ["Stable Diffusion 1's on SDXL", loraFiles("sd15")[1], "sdxl"],
    ["Stable Diffusion 3's on SDXL", loraFiles("sd3")[1], "sdxl"],
    ["SDXL's on Stable Diffusion 3", loraFiles("sdxl")[0], "sd3"],
  ] as const)("is refused: %s", (_, file, model) =>
    check(
      file ?? "",
      "weights.lora",
      /tensor \S+ must (have shape|belong to a layer of this model).*, got .* \(\d+ of the file's \d+ tensors fit this model\); use a LoRA that was made for/,
      model,
    ),
  );

  it("is refused where it has a layer more", () =>
    check(
      having({ "lora_unet_down_blocks_7_conv.alpha": zeros(1) }),
      "weights.lora",
      /tensor lora_unet_down_blocks_7_conv\.alpha must belong to a layer of this model, got a layer called lora_unet_down_blocks_7_conv \(46 of the file's 47/,
    ));
});

describe("a file of another method is refused by its name", () => {
  it.each([
    ["DoRA", `${q}.dora_scale`],
    ["DoRA", `${q}.lora_magnitude_vector.weight`],
    ["LoHa", "lora_unet_mid_block_attentions_0_proj_in.hada_w1_a"],
    ["LoKr", "lora_unet_mid_block_attentions_0_proj_in.lokr_w1"],
    ["OFT", "lora_unet_mid_block_attentions_0_proj_in.oft_blocks"],
    ["LoCon with a third matrix", "lora_unet_down_blocks_0_resnets_0_conv1.lora_mid.weight"],
    ["full differences of weights", "lora_unet_conv_in.diff"],
    ["the T5 text encoder", "lora_te3_encoder_block_0_layer_0_SelfAttention_q.alpha"],
    ["embeddings of words", "bundle_emb.a.string_to_param.*"],
  ])("%s: %s", (method, key) =>
    check(
      having({ [key]: zeros(1) }),
      "weights.lora",
      new RegExp(`must be of a plain LoRA.*got a tensor of ${method}.*which is not supported`),
    ),
  );

  it("or by a key of no known kind", () =>
    check(
      having({ "x.weight": zeros(1) }),
      "weights.lora",
      /tensor x\.weight must belong to a LoRA/,
    ));
});

describe("a damaged file is refused", () => {
  it("with one matrix of a layer alone", () =>
    check(
      having({ "unet.mid_block.attentions.0.proj_in.lora_A.weight": zeros(1, 32) }),
      "weights.lora",
      /must come with both matrices of its layer, mid_block\.attentions\.0\.proj_in, got none of the lora_up kind/,
    ));

  it("with matrices that do not meet", () =>
    check(
      having({ [`${q}.lora_B.weight`]: zeros(16, 2) }),
      "weights.lora",
      /to_q\.lora_B\.weight must have shape \[16, 3\].*got \[16, 2\]/,
    ));

  it("with no channel between its matrices", () =>
    check(
      having({ [`${q}.lora_A.weight`]: zeros(0, 16), [`${q}.lora_B.weight`]: zeros(16, 0) }),
      "weights.lora",
      /to_q\.lora_A\.weight must have shape/,
    ));

  it("with an alpha that is not one number", () =>
    check(
      having({ [`${q}.alpha`]: zeros(2) }),
      "weights.lora",
      /alpha must be one number, got F32 \[2\]/,
    ));

  it("with an alpha that is not finite", () =>
    check(
      having({ [`${q}.alpha`]: { shape: [], data: Float32Array.of(Number.NaN) } }),
      "weights.lora",
      /alpha must be a finite number, got NaN/,
    ));

  it("without tensors", () =>
    check(write(new Map()), "weights.lora", /must hold matrices of a LoRA, got no tensor/));

  it("that is not there", () =>
    check(join(workplace, "none.safetensors"), "weights.lora", /got none under this path/));

  it.each(["pt", "ckpt", "bin"])("that is a pickle by its name: .%s", (ending) => {
    const file = join(workplace, `style.${ending}`);
    writeFileSync(file, "");
    check(file, "weights.pickle", /must be a \.safetensors file, got a pickle/);
  });

  it("half downloaded", () => {
    const file = write(readTensors(loraFixture("sd15-kohya.safetensors")));
    truncateSync(file, 9000);
    check(file, "weights.header", /half downloaded/);
  });
});
