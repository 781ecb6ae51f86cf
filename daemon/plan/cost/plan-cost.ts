// What a plan costs: operations of each network over all of its calls.
import type { Size } from "../../base/size.ts";
import { t5Tokens } from "../../config/t5-config.ts";
import type { PlannedCost, PlannedInit, PlannedStage } from "../plan.ts";
import { countFlops, countMapFlops } from "./count-flops.ts";
import type { Layer } from "./layer.ts";
import type { NetworkLayers } from "./network-layers.ts";
import { tileLengths } from "./tiles.ts";
import { type VaePictures, vaePictures } from "./vae-pictures.ts";

export interface CostedRun {
  readonly layers: NetworkLayers;
  readonly stages: readonly PlannedStage[];
  readonly init: PlannedInit | null;
  readonly images: number;
  /** Sides of guidance: 2 with guidance, 1 without. */
  readonly sides: 1 | 2;
  /** Tokens of a prompt in the text encoders by CLIP, and in the denoiser. */
  readonly tokens: { readonly encoders: number; readonly denoiser: number };
  readonly tilePx: number;
}

/** One image batch of one prompt. */
export function planCost(run: CostedRun): PlannedCost {
  const { layers, stages, images, sides, tokens } = run;
  const prompt = { width: 0, height: 0, tokens: tokens.encoders, batch: 1 };
  const ofT5 = countFlops(layers.t5, { ...prompt, tokens: t5Tokens });
  const text = sides * (countFlops(layers.text, prompt) + ofT5);
  const denoiserByStage = stages.map((stage) => denoiserFlops(run, stage));
  const pictures = vaePictures(run);
  const vaeByStage = stages.map((stage, index) =>
    vaeFlops(run, stage, pictures[index] as VaePictures),
  );
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  return {
    text,
    denoiserByStage,
    vaeByStage,
    total: text + sum(denoiserByStage) + sum(vaeByStage),
    networkCalls: sum(stages.map(callsOf)),
    tokensPerCall: stages.map(({ latent }) => latent.width * latent.height * images * sides),
  };
}

/** Of the network, in a stage. */
export const callsOf = ({ steps, sides }: Pick<PlannedStage, "steps" | "sides">): number =>
  steps.length * (sides === "apart" ? 2 : 1);

function denoiserFlops({ layers, images, sides, tokens }: CostedRun, stage: PlannedStage): number {
  const grid = { ...stage.latent, tokens: tokens.denoiser, batch: images * sides };
  const mapProducts =
    (stage.attentionReuse === null ? 0 : stage.steps.length) + (stage.collectsMaps ? 1 : 0);
  const shared = stage.sides === "together" ? sides - 1 : 0;
  const once = { ...grid, batch: images * shared };
  const call = countFlops(layers.denoiser, grid) - countFlops(layers.shared, once);
  const plain = stage.steps.length * call;
  return mapProducts === 0 ? plain : plain + mapProducts * countMapFlops(layers.denoiser, grid);
}

function vaeFlops(
  { layers, tilePx }: CostedRun,
  stage: PlannedStage,
  { encoded, decoded }: VaePictures,
): number {
  const encodeTile = stage.tiledEncode ? tilePx : null;
  // The decoder's tiles are whole latent cells.
  const decodeTile = stage.tiledDecode ? Math.trunc(tilePx / 8) * 8 : null;
  return (
    encoded * tiledFlops(layers.vaeEncoder, stage.size, encodeTile) +
    decoded * tiledFlops(layers.vaeDecoder, stage.size, decodeTile)
  );
}

/** `tilePx` null: the whole picture at once. */
function tiledFlops(layers: readonly Layer[], size: Size, tilePx: number | null): number {
  const at = (width: number, height: number): number =>
    countFlops(layers, { width, height, tokens: 0, batch: 1 });
  if (tilePx === null) return at(size.width, size.height);
  let sum = 0;
  for (const [width, columns] of tileLengths(size.width, tilePx))
    for (const [height, rows] of tileLengths(size.height, tilePx))
      sum += columns * rows * at(width, height);
  return sum;
}
