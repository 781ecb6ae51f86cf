// Stable Diffusion 3 and 3.5 in a single file, in the original layout, against the folders that diffusers would make of
// them: equal configs, and equal pictures of a whole run to the last bit, with T5 and without. And files that lack
// something, each with its sentence.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { publishedRules } from "../../daemon/config/family-rules.ts";
import { type ModelConfig, withoutT5 } from "../../daemon/config/model-config.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { openModel } from "../../daemon/pipeline/open-model.ts";
import { openCheckpoint } from "../../daemon/weights/open-checkpoint.ts";
import { tinyRules } from "../support/original-layout.ts";
import {
  originalSd3,
  type Sd3Model,
  writeOriginalSd3,
  writeSd3Folder,
} from "../support/original-sd3.ts";
import { cpu, paintPlan } from "../support/paint-golden.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { readTensors, tensorOf } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-single-sd3-"));
afterAll(() => rmSync(workplace, { recursive: true }));

const isOfT5 = (key: string): boolean => key.startsWith("text_encoders.t5xxl.");

describe.each([
  ["sd3", "with"],
  ["sd35", "with"],
  ["sd35", "without"],
] as const)("%s %s T5 in a single file", (model, t5) => {
  const place = join(workplace, `${model}-${t5}`);
  const file = join(place, "file/model.safetensors");
  const tensors = [...originalSd3(model)].filter(([key]) => t5 === "with" || !isOfT5(key));
  writeOriginalSd3(file, model, new Map(tensors));
  const folder = join(place, "folder");
  writeSd3Folder(folder, model, t5);
  const single = readModel(file, readText, tinyRules);
  const whole = readModel(folder, readText);

  it("has the folder's configs, all detected from the header", () => {
    const { tokenizers } = single;
    const text = { ...whole.text, projection: "none" };
    expect(single).toEqual({ ...whole, folder: file, tokenizers, text });
    expect(tokenizers.tokenizer_3).toEqual({ kind: "t5", folder: join(place, "file/tokenizer_3") });
  });

  it("keeps every tensor in its place, the joined ones in three", () => {
    const { networks } = openCheckpoint(file);
    const stored = readTensors(file);
    const mmdit = [...(networks.get("transformer")?.tensors ?? [])];
    const { originals } = networks.get("transformer") ?? {};
    const names = ["to_q", "to_k", "to_v", "add_q_proj", "add_k_proj", "add_v_proj"];
    const cut = mmdit.filter(([key]) => names.some((name) => key.includes(`.${name}.`)));
    expect(cut.length).toBeGreaterThan(6 * 3);
    for (const [key, { shape, offset, length }] of cut) {
      const { shape: joined, data } = tensorOf(stored, originals?.get(key) ?? "");
      expect(joined).toEqual([3 * (shape[0] ?? 0), ...shape.slice(1)]);
      const bytes = readFileSync(file).subarray(offset, offset + length);
      const part = names.findIndex((name) => key.includes(`.${name}.`)) % 3;
      const third = data.slice((part * data.length) / 3, ((part + 1) * data.length) / 3);
      expect(bytes.equals(Buffer.from(third.buffer))).toBe(true);
    }
  });

  it("paints the folder's picture, from the folder's latents", async () => {
    const [ours, theirs] = [await paint(single, model), await paint(whole, model)];
    expect(ours.latents.length).toBeGreaterThan(3);
    expect(ours.latents).toEqual(theirs.latents);
    expect(ours.pixels.equals(theirs.pixels)).toBe(true);
  });
});

it("the published models' sizes that no shape says are those of their folders", () => {
  expect(publishedRules.sd3).toMatchObject({
    headWidth: 64,
    sampleSize: 128,
    tilePx: 1024,
    scalingFactor: 1.5305,
    shiftFactor: 0.0609,
    shift: 3,
    t5: { maxDistance: 128, normEps: 1e-6 },
  });
});

it("T5's own vocabulary is used where the encoder has as many words", () => {
  const file = join(workplace, "words.safetensors");
  const table = { shape: [32128, 48], data: new Float32Array(32128 * 48) };
  const key = "text_encoders.t5xxl.transformer.shared.weight";
  writeTensors(file, new Map([...originalSd3("sd3"), [key, table]]), "F16");
  const { tokenizers } = readModel(file, readText, tinyRules);
  expect(tokenizers.tokenizer_3).toEqual({ kind: "t5", folder: null });
});

/** Of a golden run each step's latent, and its first picture; corrected, for T5 is not used in the published variant. */
async function paint(config: ModelConfig, model: Sd3Model): ReturnType<typeof paintPlan> {
  const output = mkdtempSync(join(workplace, "run-"));
  const plan = planOfGolden(`${model}-corrected`, output, config);
  const usesT5 = config.family === "sd3" && config.thirdText !== null;
  expect(plan.model.t5).toBe(usesT5 ? "used" : "unused");
  return paintPlan(plan);
}

describe("a file of Stable Diffusion 3 that lacks something is refused", () => {
  const file = join(workplace, "broken.safetensors");
  const open = (config: ModelConfig) => openModel(config, cpu, () => {});
  const read = () => readModel(file, readText, tinyRules);
  const refuse = (act: () => unknown, code: string, message: RegExp): void => {
    const wanted = { code, message: expect.stringMatching(message) };
    expect(act).toThrow(expect.objectContaining(wanted));
  };
  const without = (...beginnings: readonly string[]): ReadonlyMap<string, Tensor> =>
    new Map(
      [...originalSd3("sd35")].filter(([key]) => !beginnings.some((each) => key.startsWith(each))),
    );

  it.each([
    [
      "its encoders by CLIP",
      without("text_encoders.clip"),
      "model.incomplete",
      /must hold the text encoder clip_l and the text encoder clip_g, got no tensor below text_encoders\.clip_l\.transformer\. or text_encoders\.clip_g\.transformer\.; choose a file that holds the whole/,
    ],
    ["its VAE", without("first_stage"), "model.incomplete", /must hold a VAE, got no tensor below/],
    [
      "a tensor",
      without("model.diffusion_model.joint_blocks.1.x_block.attn.ln_k."),
      "weights.tensor",
      /tensor transformer_blocks\.1\.attn\.norm_k\.weight must be there with shape \[8\]/,
    ],
  ] as const)("%s", (_, tensors, code, message) => {
    writeTensors(file, tensors, "F32");
    refuse(() => open(read()), code, message);
  });

  it("a square of positions", () => {
    const table = { shape: [1, 7, 32], data: new Float32Array(7 * 32) };
    writeTensors(
      file,
      new Map([...originalSd3("sd3"), ["model.diffusion_model.pos_embed", table]]),
      "F32",
    );
    refuse(read, "weights.tensor", /pos_embed must be a square table of positions, got 7 of them/);
  });

  it("numbers that can be read: float8 is named, with what to do", () => {
    const inFloat8 = (ending: string) =>
      writeTensors(file, originalSd3("sd3"), (key) => (key.endsWith(ending) ? "F8_E4M3" : "F32"));
    inFloat8("block.1.layer.0.SelfAttention.q.weight");
    const config = read();
    refuse(
      () => open(config),
      "weights.tensor",
      /tensor text_encoders\.t5xxl\.transformer\.encoder\.block\.1\.layer\.0\.SelfAttention\.q\.weight must be F32, F16 or BF16, got F8_E4M3; choose a copy of the model in F16, or write t5: off in the recipe$/,
    );
    expect(() => open(withoutT5(config))).not.toThrow();
    inFloat8("joint_blocks.0.x_block.mlp.fc1.weight");
    refuse(() => open(withoutT5(config)), "weights.tensor", /fc1\.weight must be F32, .* in F16$/);
  });
});
