// Models in a single file, in the original layout, against the same models as folders: equal configs, equal numbers of
// text encoders and VAE, equal pictures of a whole run, to the last bit. And files that are no whole model, each with its sentence.
import { mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { openModel } from "../../daemon/pipeline/open-model.ts";
import {
  originalTensors,
  type SingleFileModel,
  tinyRules,
  writeOriginal,
} from "../support/original-layout.ts";
import { cpu, paintPlan } from "../support/paint-golden.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { golden, readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-single-"));
afterAll(() => rmSync(workplace, { recursive: true }));

const models = ["sd15", "sd21v", "sdxl"] as const;

describe.each(models)("%s in a single file", (model) => {
  const file = join(workplace, model, "model.safetensors");
  writeOriginal(file, model);
  const folder = golden(`models/${model}`);
  const single = readModel(file, readText, tinyRules);
  const whole = readModel(folder, readText);

  it("has the folder's configs, all detected from the header", () => {
    const { tokenizers } = single;
    expect(single).toMatchObject({ ...whole, folder: file, tokenizers });
    expect(tokenizers.tokenizer).toEqual({
      kind: "folder",
      folder: join(workplace, model, "tokenizer"),
    });
  });

  it("gives the folder's numbers from each text encoder and the VAE", async () => {
    const [ours, theirs] = [await answers(single, model), await answers(whole, model)];
    expect(Object.keys(ours).length).toBeGreaterThan(3);
    expect(ours).toEqual(theirs);
  });

  it("paints the folder's picture", async () => {
    const [ours, theirs] = [await paint(single, model), await paint(whole, model)];
    expect(ours.length).toBeGreaterThan(1000);
    expect(ours.equals(theirs)).toBe(true);
  });
});

describe("marks of a file's training", () => {
  const file = join(workplace, "marked.safetensors");
  const read = (marks: readonly string[]) => {
    const empty = { shape: [0], data: new Float32Array() };
    const marked = marks.map((name) => [name, empty] as const);
    writeTensors(file, new Map([...originalTensors("sdxl"), ...marked]), "F16");
    return readModel(file, readText, tinyRules).scheduler;
  };
  it.each([
    [["v_pred"], "v_prediction", false],
    [["v_pred", "ztsnr"], "v_prediction", true],
    // As ComfyUI reads it: of the schedule it asks files of v-prediction only.
    [["ztsnr"], "epsilon", false],
    [[], "epsilon", false],
  ])("%j: %s, zero terminal SNR %s", (marks, parametrisation, zeroTerminalSnr) => {
    expect(read(marks)).toMatchObject({ kind: "ddim", parametrisation, zeroTerminalSnr });
  });

  it.each([
    ["edm_vpred.sigma_max", ["edm_vpred.sigma_max", "edm_vpred.sigma_min"]],
    ["edm_mean", ["v_pred", "edm_mean", "edm_std"]],
  ])("%s: refused", (mark, marks) => {
    const message = expect.stringContaining(`got one trained by EDM, as its tensor ${mark} says;`);
    expect(() => read(marks)).toThrow(
      expect.objectContaining({ code: "model.unsupported", message }),
    );
  });
});

it("CLIP's own vocabulary is used where the text encoder has as many words", () => {
  const file = join(workplace, "words.safetensors");
  const key = "conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight";
  const table = { shape: [49408, 16], data: new Float32Array(49408 * 16) };
  writeTensors(file, new Map([...originalTensors("sdxl"), [key, table]]), "F16");
  const { tokenizers } = readModel(file, readText, tinyRules);
  expect(tokenizers).toMatchObject({
    tokenizer: { kind: "built-in", padding: "end" },
    tokenizer_2: { kind: "built-in", padding: "first" },
  });
});

/** What text encoders and VAE answer to the inputs of the golden. */
async function answers(
  config: ModelConfig,
  model: SingleFileModel,
): Promise<Readonly<Record<string, Tensor | null>>> {
  const inputs = readGolden(`parts-${model === "sd21v" ? "sd21" : model}.safetensors`);
  const open = openModel(config, cpu, () => {});
  const call = { stage: 0, workspace: "release" } as const;
  const texts: Record<string, Tensor | null> = {};
  for (const [index, encoder] of open.textEncoders.entries()) {
    const ids = tensorOf(inputs, index === 0 ? "text_encoder.ids" : "text_encoder_2.ids");
    const { text, pooled } = await encoder.encode(Int32Array.from(ids.data.subarray(0, 77)), []);
    texts[`text ${index}`] = text;
    texts[`pooled ${index}`] = pooled;
  }
  const moments = await open.encode(tensorOf(inputs, "vae64x64.image"), call);
  const image = await open.decode(tensorOf(inputs, "vae64x64.latent"), call);
  await open.dispose();
  return { ...texts, moments, image };
}

/** The pixels of a golden run's first picture. */
async function paint(config: ModelConfig, run: SingleFileModel): Promise<Buffer> {
  const plan = planOfGolden(run, mkdtempSync(join(workplace, "run-")), config);
  return (await paintPlan(plan)).pixels;
}

describe("a file that is no whole model is refused", () => {
  const file = join(workplace, "broken.safetensors");
  const check = (tensors: Map<string, Tensor>, code: string, message: RegExp, cutBytes = 0) => {
    writeTensors(file, tensors, "F32");
    if (cutBytes > 0) truncateSync(file, readFileSync(file).length - cutBytes);
    const open = () => openModel(readModel(file, readText, tinyRules), cpu, () => {});
    const wanted = { code, message: expect.stringMatching(message) };
    expect(open).toThrow(expect.objectContaining(wanted));
  };
  const sd15 = () => originalTensors("sd15");
  const without = (beginning: string) =>
    new Map([...sd15()].filter(([key]) => !key.startsWith(beginning)));
  const one = { shape: [1], data: Float32Array.of(1) };
  const only = (key: string) => new Map([[key, one]]);
  const key = "model.diffusion_model.input_blocks.1.0.in_layers.2.bias";

  it.each([
    [
      "without a VAE",
      without("first_stage"),
      "model.incomplete",
      /must hold a VAE, got no tensor below first_stage_model\./,
    ],
    ["without a UNet", without("model.diff"), "model.incomplete", /must hold a UNet, got/],
    [
      "without a text encoder",
      without("cond"),
      "model.unsupported",
      /got a UNet without its text encoder/,
    ],
    [
      "that lacks a tensor",
      without(key),
      "weights.tensor",
      /broken\.safetensors: tensor down_blocks\.0\.resnets\.0\.conv1\.bias must be there with shape \[16\], got no such tensor; the file is damaged/,
    ],
    [
      "with a tensor of another model",
      new Map([...sd15(), [key, one]]),
      "weights.tensor",
      /tensor model\.diffusion_model\.input_blocks\.1\.0\.in_layers\.2\.bias must have shape \[16\], got \[1\]/,
    ],
    [
      "of SDXL's refiner",
      only("conditioner.embedders.0.model.ln_final.bias"),
      "model.unsupported",
      /got SDXL's refiner/,
    ],
    ["of a LoRA", only("lora_unet_x.lora_up.weight"), "model.unsupported", /got a LoRA/],
    ["of something else", only("fc.weight"), "model.unsupported", /got tensors such as fc\.weight/],
  ] as const)("%s", (_, tensors, code, message) => check(tensors, code, message));

  it("half downloaded", () =>
    check(sd15(), "weights.header", /must be \d+ bytes long by its header.*half downloaded/, 100));
});
