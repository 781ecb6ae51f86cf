// The VAE as the sampler wants it: scaled latents, tiles where the plan says so (method §4).
// Reference: diffusers autoencoder_kl.py and vae.py, DiagonalGaussianDistribution.
import type { Tensor } from "../base/tensor.ts";
import type { VaeConfig } from "../config/vae-config.ts";
import type { Plan, PlannedStage } from "../plan/plan.ts";
import type { SamplerParts } from "../sampler/sample.ts";
import { runTiled } from "../sampler/tiling.ts";
import type { OpenModel, VaeCall } from "./open-model.ts";

/** Pixels along one side of a latent cell. */
const cellPx = 8;

export function scaledVae(
  plan: Pick<Plan, "stages" | "tilePx">,
  model: OpenModel,
  config: VaeConfig,
): Pick<SamplerParts, "decode" | "encode"> {
  const tileCells = Math.trunc(plan.tilePx / cellPx);
  const callOf = (stage: number): VaeCall => {
    const { vaeWorkspace } = plan.stages[stage] as PlannedStage;
    return { stage, workspace: vaeWorkspace };
  };
  return {
    decode: async (latent, stage) => {
      const unscaled = {
        ...latent,
        data: latent.data.map((value) => value / config.scalingFactor + config.shiftFactor),
      };
      const run = (tile: Tensor): Promise<Tensor> => model.decode(tile, callOf(stage));
      const sizes = { input: tileCells, output: plan.tilePx };
      const picture = await (plan.stages[stage]?.tiledDecode
        ? runTiled(unscaled, sizes, run)
        : run(unscaled));
      await model.closeVae();
      return picture;
    },
    encode: async (picture, stage) => {
      const run = (tile: Tensor): Promise<Tensor> => model.encode(tile, callOf(stage));
      const sizes = { input: plan.tilePx, output: tileCells };
      const moments = await (plan.stages[stage]?.tiledEncode
        ? runTiled(picture, sizes, run)
        : run(picture));
      await model.closeVae();
      return distribution(moments);
    },
  };
}

/** Moments [n, 2c, h, w] → mean and standard deviation [n, c, h, w]; the log-variance is kept in −30..20. */
function distribution(moments: Tensor): { readonly mean: Tensor; readonly std: Tensor } {
  const [n = 0, both = 0, height = 0, width = 0] = moments.shape;
  const shape = [n, both / 2, height, width];
  const half = (both / 2) * height * width;
  const mean = new Float32Array(n * half);
  const std = new Float32Array(n * half);
  for (let item = 0; item < n; item += 1)
    for (let index = 0; index < half; index += 1) {
      const from = item * 2 * half + index;
      const logVariance = Math.min(20, Math.max(-30, moments.data[from + half] as number));
      mean[item * half + index] = moments.data[from] as number;
      std[item * half + index] = Math.exp(0.5 * logVariance);
    }
  return { mean: { shape, data: mean }, std: { shape, data: std } };
}
