// An analytic estimate of the engine's memory: weights, working memory of each network, picture buffers.
// The CPU's attention is a flash kernel, so that nothing grows with the square of the cells; other providers may hold scores.
import type { Provider } from "../base/provider.ts";
import type { Size } from "../base/size.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { changedLayers } from "./cost/changed-layers.ts";
import { countParameters } from "./cost/count-parameters.ts";
import { countRows, type Grid, type Layer } from "./cost/layer.ts";
import type { NetworkLayers } from "./cost/network-layers.ts";
import { stepCalls } from "./cost/step-calls.ts";
import { vaePictures } from "./cost/vae-pictures.ts";
import type { GuidanceSides, PlannedInit, PlannedMemory, VaeWorkspace } from "./plan.ts";
import type { PlannedMethod } from "./planned-method.ts";

/**
 * Fitted to runs of the built-in model from 128² to 2048² and of a Stable Diffusion 2.1 of random weights
 * (docs/performance.md has the table); the rest follows from the configs.
 */
export const memoryConstants = {
  /** The process with the runtime loaded and nothing else. */
  baseBytes: 125 * 2 ** 20,
  /**
   * What the denoiser keeps beside its skip connections, as a multiple of its largest layer's input and output: what lives
   * around that layer, and the gaps that the arena leaves between tensors of different sizes, of which a UNet with attention
   * on smaller levels and an MMDiT with two streams have more.
   */
  denoiserLiveRatio: { sd: 3.2, sdxl: 7.1, sd3: 7.9 },
  /** The same for the VAE, whose blocks hold input, norm and activation at once. */
  vaeLiveRatio: 1.25,
  /** What keeping freed memory for the next layer adds to it, where the VAE does so. */
  vaeKeptRatio: 1.6,
  /** T5 while it runs from float16 files, in blocks whose weights are float32: one, and what the allocator keeps. */
  t5LiveBlocks: 1.5,
  /** Pictures on their way between networks, in bytes a pixel. */
  pictureBytesPerPixel: 50,
  /** A given picture while its file is decoded and resized, before any network is open. */
  readBytesPerPixel: 48,
} as const;

export interface MemoryRun {
  readonly planned: PlannedMethod;
  readonly model: Pick<ModelConfig, "family" | "condition" | "exactVae">;
  readonly layers: NetworkLayers;
  readonly stages: readonly MemoryStage[];
  readonly init: PlannedInit | null;
  readonly images: number;
  /** Sides of guidance: 2 with guidance, 1 without. */
  readonly sides: 1 | 2;
  readonly provider: Provider;
  /** As in the plan. */
  readonly scoresAtOnce: number | null;
  readonly precision: "fp32" | "fp16";
  readonly tilePx: number;
}

/** Sizes in pixels and latent cells. */
interface MemoryStage {
  readonly size: Size;
  readonly latent: Size;
  readonly steps: readonly unknown[];
  readonly tiledEncode: boolean;
  readonly tiledDecode: boolean;
  readonly vaeWorkspace: VaeWorkspace;
  readonly encodesAlone: boolean;
  readonly decodesAlone: boolean;
  readonly sides: GuidanceSides;
}

/** Whether tiles make sense for a picture: one larger than a tile (diffusers autoencoder_kl.py). */
export function tileable(size: Size, tilePx: number): boolean {
  return Math.max(size.width, size.height) > tilePx;
}

/**
 * Bytes. The denoiser keeps its working memory between calls, until it is closed; the VAE is closed after each picture.
 * Text encoders are gone before the denoiser opens. While a network opens, its convolutions are there twice.
 */
export function planMemory(run: MemoryRun): Omit<PlannedMemory, "advice"> {
  const { layers, images } = run;
  const { baseBytes, pictureBytesPerPixel, readBytesPerPixel } = memoryConstants;
  const bytes = valueBytes(run);
  const denoisers = denoisersOf(run);
  const atOnce =
    run.planned.method === "scalecrafter" ? run.planned.scalecrafter.networksAtOnce : 1;
  const denoiser = Math.max(...denoisers.map(countParameters)) * bytes.denoiser;
  const vae = (countParameters(layers.vaeEncoder) + countParameters(layers.vaeDecoder)) * bytes.vae;
  const denoising =
    Math.max(
      ...run.stages.flatMap((stage, index) =>
        denoiserGrids(run, stage, index).map((grid) => denoiserValues(run, grid)),
      ),
    ) * bytes.denoiser;
  const working = vaeBytes(run);
  const pixels = Math.max(...run.stages.map(({ size }) => size.width * size.height));
  const pictures = images * pixels * pictureBytesPerPixel;
  const given = run.init === null ? 0 : run.init.size.width * run.init.size.height;
  const reading = given * readBytesPerPixel;
  const copies = Math.max(...denoisers.map(countConvolutions)) * bytes.denoiser;
  const isClosed = run.stages.some(
    ({ encodesAlone, decodesAlone }) => encodesAlone || decodesAlone,
  );
  // The second one opens beside a first one that has been called.
  const besideFirst = (atOnce - 1) * (denoiser + denoising);
  const opening = besideFirst + denoiser + copies + (isClosed ? pictures : 0);
  const open = atOnce * (denoiser + denoising);
  const together = open + (working.beside > 0 ? vae + working.beside : 0);
  const alone = vae + working.alone;
  return {
    weights: atOnce * denoiser + vae,
    activations: Math.round(Math.max(atOnce * denoising + working.beside, working.alone)),
    peak:
      baseBytes +
      Math.max(t5Bytes(run), reading, opening, Math.round(Math.max(together, alone)) + pictures),
  };
}

/** The denoiser's layers, in each way that the run uses it. */
function denoisersOf({ layers, planned }: MemoryRun): readonly (readonly Layer[])[] {
  if (planned.method !== "scalecrafter") return [layers.denoiser];
  return planned.scalecrafter.networks.map((network) => changedLayers(layers.denoiser, network));
}

/** Bytes of a value in each kind of network. */
function valueBytes({ precision, model }: MemoryRun): {
  readonly denoiser: number;
  readonly vae: number;
} {
  const denoiser = precision === "fp32" ? 4 : 2;
  return { denoiser, vae: model.exactVae ? 4 : denoiser };
}

/** Working memory of the VAE at its largest: beside an open denoiser, and alone. */
function vaeBytes(run: MemoryRun): { readonly beside: number; readonly alone: number } {
  const { layers, stages } = run;
  const bytes = valueBytes(run).vae;
  const pictures = vaePictures(run);
  const calls = stages.flatMap((stage, index) => {
    const { encoded = 0, decoded = 0 } = pictures[index] ?? {};
    const into = { batch: encoded, tiled: stage.tiledEncode };
    const outOf = { batch: decoded, tiled: stage.tiledDecode };
    return [
      { alone: stage.encodesAlone, values: vaeValues(run, layers.vaeEncoder, stage, into) },
      { alone: stage.decodesAlone, values: vaeValues(run, layers.vaeDecoder, stage, outOf) },
    ];
  });
  const most = (alone: boolean): number =>
    Math.max(0, ...calls.map((call) => (call.alone === alone ? call.values : 0))) * bytes;
  return { beside: most(false), alone: most(true) };
}

/** A CPU maps T5's weights and converts them block by block; a GPU holds all of them, some as float32. */
function t5Bytes({ layers, precision }: MemoryRun): number {
  const all = countParameters(layers.t5);
  const blocks = layers.t5.filter(({ kind }) => kind === "attention").length;
  const live = (memoryConstants.t5LiveBlocks * all * 4) / Math.max(1, blocks);
  return precision === "fp16" ? all * 2 + live : live;
}

function countConvolutions(layers: readonly Layer[]): number {
  return countParameters(layers.filter(({ kind }) => kind === "convolution"));
}

/** Skip connections, reused maps, and the largest layer with what lives around it. */
function denoiserValues(run: MemoryRun, grid: Grid): number {
  const cells = (level: number): number => countRows(level, grid);
  const { skips, mapLevels } = run.layers;
  const kept = skips.reduce((sum, skip) => sum + skip.channels * cells(skip.level), 0);
  const ofItem = mapLevels.reduce((sum, level) => sum + cells(level) * grid.tokens, 0);
  const maps = run.images * run.sides * ofItem;
  const ratio = memoryConstants.denoiserLiveRatio[run.model.family];
  const largest = Math.max(...denoisersOf(run).map((layers) => largestLayer(layers, grid)));
  const working = ratio * largest;
  const attending = attendingValues(run, run.layers.denoiser, grid);
  return grid.batch * kept + maps + Math.max(grid.batch * working, attending);
}

/** Of each kind of call in the stage's steps. */
function denoiserGrids(
  run: Pick<MemoryRun, "planned" | "images" | "sides" | "model">,
  stage: MemoryStage,
  index: number,
): readonly Grid[] {
  const atOnce = stage.sides === "together" ? run.sides : 1;
  return stepCalls(run.planned, stage, { index, images: run.images }).map(
    ({ latent, latents }) => ({
      ...latent,
      tokens: run.model.condition.tokens,
      batch: latents * atOnce,
    }),
  );
}

/** Scores of the attention that has most of them, over all networks and stages: whether slices make a difference. */
export function mostScores(run: Omit<MemoryRun, "scoresAtOnce">): number {
  const { layers, stages } = run;
  const most = (of: readonly Layer[], grid: Grid): number =>
    Math.max(0, ...of.map((layer) => grid.batch * scoresOf(layer, grid)));
  return Math.max(
    ...stages.flatMap((stage, index) => [
      ...denoiserGrids(run, stage, index).map((grid) => most(layers.denoiser, grid)),
      most(layers.vaeEncoder, vaeGrid(run, stage, { batch: run.images, tiled: stage.tiledEncode })),
      most(layers.vaeDecoder, vaeGrid(run, stage, { batch: run.images, tiled: stage.tiledDecode })),
    ]),
  );
}

/** What lives around the attention that has most scores: its tokens, the scores, and their softmax. */
function attendingValues(run: MemoryRun, layers: readonly Layer[], grid: Grid): number {
  if (run.provider === "cpu") return 0;
  const limit = run.scoresAtOnce ?? Number.POSITIVE_INFINITY;
  const held = layers.map((layer) => {
    const scores = Math.min(limit, grid.batch * scoresOf(layer, grid));
    return scores === 0 ? 0 : 2 * scores + grid.batch * valuesAround(layer, grid);
  });
  return Math.max(0, ...held);
}

/** Queries × keys × heads of one item of the batch. */
function scoresOf(layer: Layer, grid: Grid): number {
  if (layer.kind === "joint attention")
    return layer.heads * (countRows(layer.level, grid) + grid.tokens) ** 2;
  if (layer.kind !== "attention") return 0;
  const rows = countRows(layer.rows, grid);
  return layer.heads * rows * (layer.keys === "own" ? rows : grid.tokens);
}

function vaeValues(
  run: MemoryRun,
  layers: readonly Layer[],
  stage: MemoryStage,
  how: VaeBatch,
): number {
  const grid = vaeGrid(run, stage, how);
  const keptRatio = stage.vaeWorkspace === "keep" ? memoryConstants.vaeKeptRatio : 1;
  const ratio = memoryConstants.vaeLiveRatio * keptRatio;
  const working = grid.batch * ratio * largestLayer(layers, grid);
  return Math.max(working, attendingValues(run, layers, grid));
}

interface VaeBatch {
  readonly batch: number;
  readonly tiled: boolean;
}

function vaeGrid(
  { tilePx }: Pick<MemoryRun, "tilePx">,
  { size }: MemoryStage,
  { batch, tiled }: VaeBatch,
): Grid {
  const side = (px: number): number => (tiled ? Math.min(px, tilePx) : px);
  return { width: side(size.width), height: side(size.height), tokens: 0, batch };
}

/** Values of one item of the batch going in and out of the layer that has most of them. */
function largestLayer(layers: readonly Layer[], grid: Grid): number {
  let most = 0;
  for (const layer of layers) most = Math.max(most, valuesAround(layer, grid));
  return most;
}

function valuesAround(layer: Layer, grid: Grid): number {
  switch (layer.kind) {
    case "convolution":
      return countRows(layer.level, grid) * (layer.in + layer.out);
    case "linear":
      return countRows(layer.rows, grid) * (layer.in + layer.out);
    case "attention":
      return countRows(layer.rows, grid) * 4 * layer.channels;
    case "joint attention":
      return (countRows(layer.level, grid) + grid.tokens) * 4 * layer.channels;
    case "norm":
    case "table":
      return 0;
    default:
      return layer satisfies never;
  }
}
