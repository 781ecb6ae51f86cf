// What one call of the denoising network is fed, under the names of its graph's inputs.
import type { Tensor } from "../base/tensor.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { timeIdCount } from "../config/unet-config.ts";
import type { UNetVariant } from "../config/unet-variant.ts";
import { mapInput } from "../models/map-hooks.ts";
import type { Feed } from "../runtime/open-network.ts";
import type { TimeIds } from "../sampler/sample.ts";

/** `text` and `pooled` (where the network wants it) have the same batch, once or twice that of `sample`. */
export interface DenoiserCall {
  readonly stage: number;
  readonly sample: Tensor;
  readonly text: Tensor;
  readonly pooled: Tensor | null;
  readonly timestep: number;
  readonly reuse: { readonly weight: number; readonly maps: readonly Tensor[] } | null;
  readonly collect: boolean;
  /** Of all LoRAs of the model, in their order. */
  readonly loraWeights: readonly number[];
  /** Of each latent of `sample`; absent: the native picture, uncropped. */
  readonly timeIds?: readonly TimeIds[];
  /** Which network over the denoiser's weights; absent: the plain one. */
  readonly variant?: UNetVariant;
  /** How many of them stay open together; absent: one. */
  readonly networksAtOnce?: number;
}

/** `levels` are those with maps, in the order of the call's. */
export function denoiserFeeds(
  call: DenoiserCall,
  levels: readonly number[],
  { family, sides }: Pick<ModelConfig, "family" | "sides">,
): Record<string, Feed> {
  const [batch = 0, tokens = 0] = call.text.shape;
  const nothing = { shape: [1, 1, tokens], data: new Float32Array(tokens) };
  const maps = levels.map((level, index) => [mapInput(level), call.reuse?.maps[index] ?? nothing]);
  return {
    sample: call.sample,
    text: call.text,
    timestep: { shape: [1], data: Float32Array.of(call.timestep) },
    collect: call.collect,
    map_weight: { shape: [], data: Float32Array.of(call.reuse?.weight ?? 0) },
    ...(call.pooled === null ? {} : { pooled: call.pooled }),
    ...(family === "sdxl" ? { time_ids: timeIds(call, sides.nativePx, batch) } : {}),
    ...Object.fromEntries(maps),
  };
}

/** The same on both sides of guidance, which lie one after the other in the batch (method §7): [batch, 6]. */
function timeIds({ timeIds: own = [] }: DenoiserCall, side: number, batch: number): Tensor {
  const native = [side, side, 0, 0, side, side];
  const ids = Array.from({ length: batch }, (_, item) => own[item % own.length] ?? native);
  return { shape: [batch, timeIdCount], data: Float32Array.from(ids.flat()) };
}
