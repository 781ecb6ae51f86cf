// The network with its two texts: one call answers without and with the prompt (classifier-free guidance).
import type { Tensor } from "../base/tensor.ts";
import type { Plan } from "../plan/plan.ts";
import type { NetworkAnswer, NetworkCall, SamplerParts } from "../sampler/sample.ts";
import type { TextEmbedding } from "./encode-texts.ts";
import type { OpenModel } from "./open-model.ts";

interface Texts {
  readonly uncond: TextEmbedding;
  readonly cond: TextEmbedding;
}

/** Batch order is all uncond, then all cond, as in the published code; maps keep it. */
export function guidedDenoiser(
  plan: Pick<Plan, "images" | "guidance" | "loras">,
  model: OpenModel,
  texts: Texts,
): SamplerParts["denoise"] {
  const guided = plan.guidance > 1;
  const sides = guided ? [texts.uncond, texts.cond] : [texts.cond];
  const batch = sides.flatMap((side) => Array<TextEmbedding>(plan.images).fill(side));
  const text = stack(batch.map((item) => item.text));
  const vectors = batch.flatMap((item) => (item.pooled === null ? [] : [item.pooled]));
  const pooled = vectors.length === 0 ? null : stack(vectors);
  const loraWeights = plan.loras.map(({ weight }) => weight);
  return async (call: NetworkCall): Promise<NetworkAnswer> => {
    const inputs = { sample: call.latent, text, pooled, loraWeights };
    const { prediction, maps } = await model.predict({ ...call, ...inputs });
    if (!guided) return { uncond: null, cond: prediction, maps };
    const half = prediction.data.length / 2;
    const part = (start: number): Tensor => ({
      shape: call.latent.shape,
      data: prediction.data.subarray(start, start + half),
    });
    return { uncond: part(0), cond: part(half), maps };
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
