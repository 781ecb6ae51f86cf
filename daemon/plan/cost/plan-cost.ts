// What a plan costs: operations of each network over all of its calls.
import type { Size } from "../../base/size.ts";
import { t5Tokens } from "../../config/t5-config.ts";
import type { UNetVariant } from "../../config/unet-variant.ts";
import type { PlannedCost, PlannedInit, PlannedStage, PlannedStep } from "../plan.ts";
import type { PlannedDemofusion, PlannedMethod, PlannedScalecrafter } from "../planned-method.ts";
import { changedLayers } from "./changed-layers.ts";
import { countFlops, countMapFlops } from "./count-flops.ts";
import type { Layer } from "./layer.ts";
import type { NetworkLayers } from "./network-layers.ts";
import { type StepCall, stepCalls } from "./step-calls.ts";
import { tileLengths } from "./tiles.ts";
import { type VaePictures, vaePictures } from "./vae-pictures.ts";

export interface CostedRun {
  readonly planned: PlannedMethod;
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
  const callsIn = (stage: PlannedStage, index: number): readonly StepCall[] =>
    stepCalls(run.planned, stage, { index, images });
  const denoiserByStage = stages.map((stage, index) =>
    denoiserFlops(run, stage, callsIn(stage, index)),
  );
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
    networkCalls: sum(stages.map((stage, index) => callsOf(stage, callsIn(stage, index)))),
    tokensPerCall: stages.map((stage, index) =>
      sum(
        callsIn(stage, index).map(
          ({ latent, latents, times }) => latent.width * latent.height * latents * times * sides,
        ),
      ),
    ),
  };
}

/** Of the network, in a stage whose steps consist of `calls`. */
export const callsOf = (
  { steps, sides }: Pick<PlannedStage, "steps" | "sides">,
  calls: readonly StepCall[],
): number =>
  steps.length * (sides === "apart" ? 2 : 1) * calls.reduce((all, { times }) => all + times, 0) +
  steps.filter(isDamped).length;

const isDamped = (step: PlannedStep): boolean => step.kind === "redilated" && step.damping !== null;

function denoiserFlops(run: CostedRun, stage: PlannedStage, calls: readonly StepCall[]): number {
  const { planned, layers, images, sides, tokens } = run;
  if (planned.method === "scalecrafter") return changingFlops(run, stage, planned.scalecrafter);
  const shared = stage.sides === "together" ? sides - 1 : 0;
  const flopsOf = ({ latent, latents, times }: StepCall): number => {
    const grid = { ...latent, tokens: tokens.denoiser, batch: latents * sides };
    const once = { ...grid, batch: latents * shared };
    return times * (countFlops(layers.denoiser, grid) - countFlops(layers.shared, once));
  };
  const plain = stage.steps.length * calls.reduce((sum, call) => sum + flopsOf(call), 0);
  const mapProducts =
    (stage.attentionReuse === null ? 0 : stage.steps.length) + (stage.collectsMaps ? 1 : 0);
  if (mapProducts === 0) return plain;
  const grid = { ...stage.latent, tokens: tokens.denoiser, batch: images * sides };
  return plain + mapProducts * countMapFlops(layers.denoiser, grid);
}

/** Of a stage whose steps call different networks. */
function changingFlops(
  { layers, images, sides, tokens }: CostedRun,
  stage: PlannedStage,
  { networks, dampingSides }: PlannedScalecrafter,
): number {
  const isTogether = stage.sides === "together";
  const flopsOf = (network: number, of: 1 | 2): number => {
    const variant = networks[network] as UNetVariant;
    const grid = { ...stage.latent, tokens: tokens.denoiser, batch: images * of };
    const once = { ...grid, batch: images * (isTogether ? of - 1 : 0) };
    const all = countFlops(changedLayers(layers.denoiser, variant), grid);
    return all - countFlops(changedLayers(layers.shared, variant), once);
  };
  return stage.steps.reduce((sum, step) => {
    if (step.kind !== "redilated") return sum;
    const main = sum + flopsOf(step.network, sides);
    return step.damping === null
      ? main
      : main + flopsOf(step.damping, isTogether ? dampingSides : 1);
  }, 0);
}

function vaeFlops(
  { layers, tilePx, planned }: CostedRun,
  stage: PlannedStage,
  { encoded, decoded }: VaePictures,
): number {
  const encodeTile = stage.tiledEncode ? tilePx : null;
  // The decoder's tiles are whole latent cells.
  const decodeTile = stage.tiledDecode ? Math.trunc(tilePx / 8) * 8 : null;
  if (planned.method === "demofusion" && stage.tiledDecode) {
    const tile = { width: tilePx, height: tilePx, tokens: 0, batch: 1 };
    return (
      decoded * countCores(planned.demofusion, stage.latent) * countFlops(layers.vaeDecoder, tile)
    );
  }
  return (
    encoded * tiledFlops(layers.vaeEncoder, stage.size, encodeTile) +
    decoded * tiledFlops(layers.vaeDecoder, stage.size, decodeTile)
  );
}

/** Of DemoFusion's tiles, of which only the core is kept. */
function countCores({ tiles: { core } }: PlannedDemofusion, { width, height }: Size): number {
  return Math.ceil(width / core) * Math.ceil(height / core);
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
