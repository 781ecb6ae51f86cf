// The picture that a plan begins with, as the sampler wants it: the planned bytes, at the size of its stage.
import { createHash } from "node:crypto";
import { pictureChanged } from "../base/failure.ts";
import { readPictureFile } from "../base/read-picture-file.ts";
import { resizeSmooth } from "../base/resize-smooth.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Picture } from "../image/picture.ts";
import { decodePicture } from "../image/read-picture.ts";
import type { Plan } from "../plan/plan.ts";

/**
 * [1, 3, h, w] in −1..1, of the size of the stage before the one that enlarges it; null where the plan begins with noise.
 * Rejects with `badInputPicture`, and `pictureChanged` where the file is not what was planned.
 */
export async function readInit({
  init,
  stages,
}: Pick<Plan, "init" | "stages">): Promise<Tensor | null> {
  const size = init === null ? undefined : stages[init.stage - 1]?.size;
  if (init === null || size === undefined) return null;
  const bytes = await readPictureFile(init.image);
  if (createHash("sha256").update(bytes).digest("hex") !== init.sha256)
    throw pictureChanged(init.image);
  const resized = resizeSmooth(toTensor(decodePicture(bytes, init.image)), size);
  // Bicubic overshoots at edges; a decoded picture is clipped between stages, too.
  return { ...resized, data: resized.data.map((value) => Math.min(1, Math.max(-1, value))) };
}

function toTensor({ width, height, rgb }: Picture): Tensor {
  const plane = width * height;
  const data = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel += 1)
    for (let pixel = 0; pixel < plane; pixel += 1)
      data[channel * plane + pixel] = (rgb[pixel * 3 + channel] as number) / 127.5 - 1;
  return { shape: [1, 3, height, width], data };
}
