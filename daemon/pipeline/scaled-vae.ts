// The VAE as the sampler wants it: scaled latents, tiles where the plan says so (method §4).
// Reference: diffusers autoencoder_kl.py and vae.py, DiagonalGaussianDistribution.
import type { Tensor } from "../base/tensor.ts";
import { cellPx, type VaeConfig } from "../config/vae-config.ts";
import type { Plan, PlannedStage } from "../plan/plan.ts";
import type { PlannedMethod } from "../plan/planned-method.ts";
import { runCoreTiles } from "../sampler/core-tiles.ts";
import type { SamplerParts } from "../sampler/sample.ts";
import { runTiled } from "../sampler/tiling.ts";
import type { OpenModel, VaeCall } from "./open-model.ts";

export function scaledVae(
  plan: DecodedPlan,
  model: OpenModel,
  config: VaeConfig,
): Pick<SamplerParts, "decode" | "encode"> {
  const tileCells = Math.trunc(plan.tilePx / cellPx);
  const decodeSizes = { input: tileCells, output: plan.tilePx };
  const encodeSizes = { input: plan.tilePx, output: tileCells };
  const at = (stage: number): PlannedStage => plan.stages[stage] as PlannedStage;
  const callOf = (stage: number): VaeCall => ({ stage, workspace: at(stage).vaeWorkspace });
  const inTiles: TileRunner =
    plan.method === "demofusion"
      ? (x, run) => runCoreTiles(x, { ...plan.demofusion.tiles, scale: cellPx }, run)
      : (x, run) => runTiled(x, decodeSizes, run);
  /** One picture, in tiles where there is a way to; the VAE is closed after it. */
  const once = async (x: Tensor, run: RunTile, how: VaePass): Promise<Tensor> => {
    const { tiles, alone } = how;
    if (alone) await model.closeDenoiser();
    const result = await (tiles === null ? run(x) : tiles(x, run));
    await model.closeVae();
    return result;
  };
  return {
    decode: (latent, stage) => {
      const unscaled = {
        ...latent,
        data: latent.data.map((value) => value / config.scalingFactor + config.shiftFactor),
      };
      const run: RunTile = (tile) => model.decode(tile, callOf(stage));
      const { tiledDecode, decodesAlone: alone } = at(stage);
      return once(unscaled, run, { tiles: tiledDecode ? inTiles : null, alone });
    },
    encode: async (picture, stage) => {
      const run: RunTile = (tile) => model.encode(tile, callOf(stage));
      const { tiledEncode, encodesAlone: alone } = at(stage);
      const tiles: TileRunner | null = tiledEncode
        ? (x, each) => runTiled(x, encodeSizes, each)
        : null;
      return distribution(await once(picture, run, { tiles, alone }));
    },
  };
}

/** What of a plan the VAE goes by. */
type DecodedPlan = Pick<Plan, "stages" | "tilePx"> & PlannedMethod;

type RunTile = (tile: Tensor) => Promise<Tensor>;

type TileRunner = (x: Tensor, run: RunTile) => Promise<Tensor>;

interface VaePass {
  /** null: the picture as a whole. */
  readonly tiles: TileRunner | null;
  /** The denoiser is closed first. */
  readonly alone: boolean;
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
