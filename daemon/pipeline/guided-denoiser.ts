// The network with its two texts: answers without and with the prompt (classifier-free guidance), in one call or, where
// the plan says so, in two.
import type { Tensor } from "../base/tensor.ts";
import type { Plan } from "../plan/plan.ts";
import { stack } from "../sampler/batch.ts";
import type { NetworkAnswer, NetworkCall, SamplerParts } from "../sampler/sample.ts";
import type { DenoiserCall } from "./denoiser-feeds.ts";
import type { TextEmbedding } from "./encode-texts.ts";
import type { OpenModel } from "./open-model.ts";

/** Vectors of the negative, null where nothing is guided, and of the prompt. */
export interface Texts {
  readonly uncond: TextEmbedding | null;
  readonly cond: TextEmbedding;
}

/** Batch order is all uncond, then all cond, as in the published code; maps keep it. */
export function guidedDenoiser(
  plan: Pick<Plan, "stages" | "loras">,
  model: Pick<OpenModel, "predict">,
  { uncond, cond }: Texts,
): SamplerParts["denoise"] {
  const one = batches([cond]);
  const sides = uncond && { other: batches([uncond]), both: batches([uncond, cond]) };
  const loraWeights = plan.loras.map(({ weight }) => weight);
  return async (call: NetworkCall): Promise<NetworkAnswer> => {
    const [count = 0] = call.latent.shape;
    const ask = (condition: Batches, reuse = call.reuse) =>
      model.predict({ ...call, ...condition(count), reuse, sample: call.latent, loraWeights });
    if (sides === null) {
      const { prediction, maps } = await ask(one);
      return { uncond: null, cond: prediction, maps };
    }
    if (plan.stages[call.stage]?.sides === "apart") {
      const without = await ask(sides.other, reuseOf(call, 0));
      const withPrompt = await ask(one, reuseOf(call, 1));
      const maps = without.maps.map((map, level) => stack([map, withPrompt.maps[level] as Tensor]));
      return { uncond: without.prediction, cond: withPrompt.prediction, maps };
    }
    const { prediction, maps } = await ask(sides.both);
    return { uncond: half(prediction, 0), cond: half(prediction, 1), maps };
  };
}

type Condition = Pick<DenoiserCall, "text" | "pooled">;

/** The condition of a batch of `count` latents. */
type Batches = (count: number) => Condition;

/** Each number of latents is asked for many times, so its condition is made once. */
function batches(sides: readonly TextEmbedding[]): Batches {
  const made = new Map<number, Condition>();
  return (count) => {
    const known = made.get(count) ?? batchOf(sides, count);
    made.set(count, known);
    return known;
  };
}

function batchOf(sides: readonly TextEmbedding[], count: number): Condition {
  const batch = sides.flatMap((side) => Array<TextEmbedding>(count).fill(side));
  const vectors = batch.flatMap((item) => (item.pooled === null ? [] : [item.pooled]));
  return {
    text: stack(batch.map((item) => item.text)),
    pooled: vectors.length === 0 ? null : stack(vectors),
  };
}

function reuseOf({ reuse }: NetworkCall, side: 0 | 1): NetworkCall["reuse"] {
  return reuse === null ? null : { ...reuse, maps: reuse.maps.map((map) => half(map, side)) };
}

/** Of the batch: the side without the prompt, or the one with it. Shares x's memory. */
function half(x: Tensor, side: 0 | 1): Tensor {
  const [batch = 0, ...inner] = x.shape;
  const length = x.data.length / 2;
  return {
    shape: [batch / 2, ...inner],
    data: x.data.subarray(side * length, (side + 1) * length),
  };
}
