// The local half of DemoFusion: a prediction for a large latent out of predictions for windows of the trained size,
// averaged where they overlap. The updates of all schedules here are linear in the prediction, so that averaging
// predictions is averaging updated windows, as the published code does.
import type { Tensor } from "../base/tensor.ts";
import { batchesOf, stack, unstack } from "./batch.ts";
import { borderOf, crop, pad, type Window } from "./crop.ts";

/** Windows in the latent with a border of `border` cells of zeros. */
export interface PlacedWindows {
  readonly windows: readonly Window[];
  readonly border: number;
  /** Windows in one call, and the window at which a new call begins in any case. */
  readonly atOnce: number;
  readonly firstBatch: number;
}

/** Predictions for windows [n, c, h, w] that lie side by side in a batch; `start` is the first one's place in the list. */
export type PredictWindows = (
  latents: Tensor,
  windows: readonly Window[],
  start: number,
) => Promise<Tensor>;

/** A prediction for all of x [1, c, h, w]. */
export async function predictByWindows(
  x: Tensor,
  { windows, border, atOnce, firstBatch }: PlacedWindows,
  predict: PredictWindows,
): Promise<Tensor> {
  const padded = pad(x, borderOf(border));
  const sum = { shape: padded.shape, data: new Float32Array(padded.data.length) };
  const count = new Uint32Array(padded.data.length);
  for (const { start, end } of batchesOf(windows.length, atOnce, firstBatch)) {
    const some = windows.slice(start, end);
    const latents = stack(some.map((window) => crop(padded, window)));
    for (const [index, prediction] of unstack(await predict(latents, some, start)).entries())
      add(prediction, some[index] as Window, sum, count);
  }
  const mean = { ...sum, data: sum.data.map((value, index) => value / (count[index] || 1)) };
  const [, , height = 0, width = 0] = x.shape;
  return crop(mean, { top: border, left: border, height, width });
}

function add(part: Tensor, { top, left }: Window, sum: Tensor, count: Uint32Array): void {
  const [, , height = 0, width = 0] = part.shape;
  const [, , allHeight = 0, allWidth = 0] = sum.shape;
  for (let at = 0; at < part.data.length; at += 1) {
    const line = Math.floor(at / width);
    const row = Math.floor(line / height) * allHeight + top + (line % height);
    const place = row * allWidth + left + (at % width);
    sum.data[place] = (sum.data[place] as number) + (part.data[at] as number);
    count[place] = (count[place] as number) + 1;
  }
}
