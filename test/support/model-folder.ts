// Writes the weights of a golden model again, elsewhere, with other keys or in another type.
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { GoldenModel } from "./answer-parts.ts";
import { golden } from "./read-golden.ts";
import { readTensors } from "./read-tensors.ts";
import { type FloatType, writeTensors } from "./write-tensors.ts";

const files = {
  text_encoder: "text_encoder/model.safetensors",
  unet: "unet/diffusion_pytorch_model.safetensors",
  vae: "vae/diffusion_pytorch_model.safetensors",
} as const;

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
  return Object.values(files).flatMap((file) => {
    const source = readTensors(golden(`models/${model}/${file}`));
    const changed = [...source].map(([key, { shape, data }]): [string, Tensor] => [
      rename(key),
      { shape, data: data.map(change) },
    ]);
    writeTensors(`${folder}/${file}`, new Map(changed), dtype);
    return changed.map(([key]) => key);
  });
}
