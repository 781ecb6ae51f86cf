// Writes a golden Stable Diffusion 3, with the tiny T5 or without, as one file in its original layout, and as the folder
// that diffusers would make of that file.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { modelFixture } from "./fixture-networks.ts";
import { originalVae, renamed } from "./original-layout.ts";
import { originalMmdit } from "./original-mmdit.ts";
import { golden } from "./read-golden.ts";
import { readTensors } from "./read-tensors.ts";
import { writeTensors } from "./write-tensors.ts";

export type Sd3Model = "sd3" | "sd35";

type Tensors = ReadonlyMap<string, Tensor>;

/** Every tensor of the model by the original's keys, T5's too. */
export function originalSd3(model: Sd3Model): Map<string, Tensor> {
  const mmdit = originalMmdit(renamed(model, "transformer", (key) => key));
  const clip = (component: string, place: string): Tensors =>
    renamed(model, component, (key) => `text_encoders.${place}.transformer.${clipKey(key)}`);
  return new Map([
    ...[...mmdit].map(([key, tensor]) => [`model.diffusion_model.${key}`, tensor] as const),
    ...originalVae(model),
    // The first one's projection is there, and is not used.
    ...clip("text_encoder", "clip_l"),
    ...clip("text_encoder_2", "clip_g"),
    ["text_encoders.clip_l.logit_scale", { shape: [], data: Float32Array.of(4.6) }],
    ...t5Tensors((key) => `text_encoders.t5xxl.transformer.${key}`),
  ]);
}

/** Transformers 5 writes keys without the prefix that the original's have. */
const clipKey = (key: string): string =>
  /^(text_model|text_projection)\./.test(key) ? key : `text_model.${key}`;

function t5Tensors(rename: (key: string) => string): Tensors {
  const { tensors } = findWeights(modelFixture("t5"), "text_encoder_3", "fp32");
  const files = new Set([...tensors.values()].map(({ file }) => file));
  const all = [...files].flatMap((file) => [...readTensors(file)]);
  return new Map(all.map(([key, tensor]) => [rename(key), tensor]));
}

/** Writes `tensors` to `file`, and the tokenizers beside it. */
export function writeOriginalSd3(file: string, model: Sd3Model, tensors: Tensors): void {
  writeTensors(file, tensors, "F32");
  copyTokenizers(dirname(file), model);
}

/** Without T5 where `t5` says so. The first text encoder projects nothing. */
export function writeSd3Folder(folder: string, model: Sd3Model, t5: "with" | "without"): void {
  mkdirSync(folder, { recursive: true });
  cpSync(golden(`models/${model}`), folder, { recursive: true });
  const first = "text_encoder/model.safetensors";
  const tensors = readTensors(golden(`models/${model}/${first}`));
  writeTensors(
    join(folder, first),
    new Map(
      [...tensors].map(([key, tensor]) => [key, isProjection(key) ? identity(tensor) : tensor]),
    ),
    "F32",
  );
  if (t5 === "without") return;
  cpSync(modelFixture("t5/text_encoder_3"), join(folder, "text_encoder_3"), { recursive: true });
  copyTokenizers(folder, model);
  const index = join(folder, "model_index.json");
  const third = { text_encoder_3: ["transformers", "T5EncoderModel"] };
  writeFileSync(index, JSON.stringify({ ...JSON.parse(readFileSync(index, "utf8")), ...third }));
}

const isProjection = (key: string): boolean => key === "text_projection.weight";

function identity({ shape }: Tensor): Tensor {
  const [side = 0] = shape;
  const cell = (_: unknown, index: number): number => (index % (side + 1) === 0 ? 1 : 0);
  return { shape, data: Float32Array.from({ length: side ** 2 }, cell) };
}

function copyTokenizers(folder: string, model: Sd3Model): void {
  for (const name of ["tokenizer", "tokenizer_2"])
    cpSync(golden(`models/${model}/${name}`), join(folder, name), { recursive: true });
  cpSync(modelFixture("t5/tokenizer_3"), join(folder, "tokenizer_3"), { recursive: true });
}
