// Writes the weights of a golden model again, elsewhere, with other keys or in another type.
import type { Tensor } from "../../daemon/base/tensor.ts";
import { denoiser } from "../../daemon/models/denoiser.ts";
import { type GoldenModel, goldenConfig } from "./answer-parts.ts";
import { golden } from "./read-golden.ts";
import { readTensors } from "./read-tensors.ts";
import { type FloatType, writeTensors } from "./write-tensors.ts";

const filesOf = (model: GoldenModel): readonly string[] => [
  "text_encoder/model.safetensors",
  `${denoiser(goldenConfig(model)).component}/diffusion_pytorch_model.safetensors`,
  "vae/diffusion_pytorch_model.safetensors",
];

interface Rewrite {
  readonly dtype: FloatType;
  /** The new key of a tensor. */
  readonly rename?: (key: string) => string;
  /** The new value of a number. */
  readonly change?: (value: number) => number;
}

/** Writes all three checkpoints of `model` below `folder`. Returns the keys that were written. */
export function rewriteModel(
  folder: string,
  model: GoldenModel,
  { dtype, rename = (key) => key, change = (value) => value }: Rewrite,
): readonly string[] {
  return filesOf(model).flatMap((file) => {
    const source = readTensors(golden(`models/${model}/${file}`));
    const changed = [...source].map(([key, { shape, data }]): [string, Tensor] => [
      rename(key),
      { shape, data: data.map(change) },
    ]);
    writeTensors(`${folder}/${file}`, new Map(changed), dtype);
    return changed.map(([key]) => key);
  });
}
