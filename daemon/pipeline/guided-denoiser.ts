// The network with its two texts: answers without and with the prompt (classifier-free guidance), in one call or, where
// the plan says so, in two.
import type { Tensor } from "../base/tensor.ts";
import type { Plan } from "../plan/plan.ts";
import type { NetworkAnswer, NetworkCall, SamplerParts } from "../sampler/sample.ts";
import type { DenoiserCall } from "./denoiser-feeds.ts";
import type { TextEmbedding } from "./encode-texts.ts";
import type { OpenModel } from "./open-model.ts";

interface Texts {
  readonly uncond: TextEmbedding;
  readonly cond: TextEmbedding;
}

/** Batch order is all uncond, then all cond, as in the published code; maps keep it. */
export function guidedDenoiser(
  plan: Pick<Plan, "images" | "guidance" | "stages" | "loras">,
  model: OpenModel,
  texts: Texts,
): SamplerParts["denoise"] {
  const one = batchOf([texts.cond], plan.images);
  const other = batchOf([texts.uncond], plan.images);
  const both = batchOf([texts.uncond, texts.cond], plan.images);
  const loraWeights = plan.loras.map(({ weight }) => weight);
  return async (call: NetworkCall): Promise<NetworkAnswer> => {
    const ask = (condition: Condition, reuse = call.reuse) =>
      model.predict({ ...call, ...condition, reuse, sample: call.latent, loraWeights });
    if (plan.guidance <= 1) {
      const { prediction, maps } = await ask(one);
      return { uncond: null, cond: prediction, maps };
    }
    if (plan.stages[call.stage]?.sides === "apart") {
      const uncond = await ask(other, reuseOf(call, 0));
      const cond = await ask(one, reuseOf(call, 1));
      const maps = uncond.maps.map((map, level) => stack([map, cond.maps[level] as Tensor]));
      return { uncond: uncond.prediction, cond: cond.prediction, maps };
    }
    const { prediction, maps } = await ask(both);
    return { uncond: half(prediction, 0), cond: half(prediction, 1), maps };
  };
}

type Condition = Pick<DenoiserCall, "text" | "pooled">;

function batchOf(sides: readonly TextEmbedding[], images: number): Condition {
  const batch = sides.flatMap((side) => Array<TextEmbedding>(images).fill(side));
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

/** Joined along the first axis. */
function stack(parts: readonly Tensor[]): Tensor {
  const [first, ...inner] = parts[0]?.shape ?? [];
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [(first ?? 0) * parts.length, ...inner], data };
}
