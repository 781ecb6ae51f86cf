// An analytic estimate of the engine's memory: weights, working memory of each network, picture buffers.
// Attention is a flash kernel, so nothing grows with the square of the cells.
import type { Size } from "../base/size.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { countParameters } from "./cost/count-parameters.ts";
import { countRows, type Grid, type Layer } from "./cost/layer.ts";
import type { NetworkLayers } from "./cost/network-layers.ts";
import { vaePictures } from "./cost/vae-pictures.ts";
import type { PlannedInit, PlannedMemory, VaeWorkspace } from "./plan.ts";

/**
 * Fitted to runs of the built-in model from 128² to 2048² and of a Stable Diffusion 2.1 of random weights
 * (docs/performance.md has the table); the rest follows from the configs.
 */
export const memoryConstants = {
  /** The process with the runtime loaded and nothing else. */
  baseBytes: 125 * 2 ** 20,
  /** Live memory around the denoiser's largest layer, as a multiple of that layer's input and output. */
  denoiserLiveRatio: 2.8,
  /** The same for the VAE, whose blocks hold input, norm and activation at once. */
  vaeLiveRatio: 1.35,
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
  readonly model: Pick<ModelConfig, "condition" | "exactVae">;
  readonly layers: NetworkLayers;
  readonly stages: readonly MemoryStage[];
  readonly init: PlannedInit | null;
  readonly images: number;
  /** Sides of guidance: 2 with guidance, 1 without. */
  readonly sides: 1 | 2;
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
}

/** Whether tiles make sense for a picture: one larger than a tile (diffusers autoencoder_kl.py). */
export function tileable(size: Size, tilePx: number): boolean {
  return Math.max(size.width, size.height) > tilePx;
}

/**
 * Bytes. The denoiser keeps its working memory between calls; the VAE is closed after each picture. Text encoders are
 * gone before the denoiser opens. While a network opens, its convolutions are there twice.
 */
export function planMemory(run: MemoryRun): PlannedMemory {
  const { layers, images, precision } = run;
  const valueBytes = precision === "fp32" ? 4 : 2;
  const vaeBytes = run.model.exactVae ? 4 : valueBytes;
  const { baseBytes, pictureBytesPerPixel, readBytesPerPixel } = memoryConstants;
  const denoiser = countParameters(layers.denoiser);
  const vae = countParameters(layers.vaeEncoder) + countParameters(layers.vaeDecoder);
  const weights = denoiser * valueBytes + vae * vaeBytes;
  const largest = (of: (stage: MemoryStage, index: number) => number): number =>
    Math.max(...run.stages.map(of));
  const batches = vaePictures(run);
  const decoder = largest((stage, index) =>
    vaeValues(run, layers.vaeDecoder, stage, {
      batch: batches[index]?.decoded ?? 0,
      tiled: stage.tiledDecode,
    }),
  );
  const encoder = largest((stage, index) =>
    vaeValues(run, layers.vaeEncoder, stage, {
      batch: batches[index]?.encoded ?? 0,
      tiled: stage.tiledEncode,
    }),
  );
  const activations = Math.round(
    largest((stage) => denoiserValues(run, stage)) * valueBytes +
      Math.max(decoder, encoder) * vaeBytes,
  );
  const pixels = largest(({ size }) => size.width * size.height);
  const pictures = images * pixels * pictureBytesPerPixel;
  const given = run.init === null ? 0 : run.init.size.width * run.init.size.height;
  const reading = given * readBytesPerPixel;
  const opening = (denoiser + countConvolutions(layers.denoiser)) * valueBytes;
  const texts = t5Bytes(run);
  return {
    weights,
    activations,
    peak: baseBytes + Math.max(texts, reading, opening, weights + activations + pictures),
  };
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
function denoiserValues(run: MemoryRun, { latent }: MemoryStage): number {
  const grid = {
    ...latent,
    tokens: run.model.condition.tokens,
    batch: run.images * run.sides,
  };
  const cells = (level: number): number => countRows(level, grid);
  const { skips, mapLevels } = run.layers;
  const kept = skips.reduce((sum, skip) => sum + skip.channels * cells(skip.level), 0);
  const maps = mapLevels.reduce((sum, level) => sum + cells(level) * grid.tokens, 0);
  const working = memoryConstants.denoiserLiveRatio * largestLayer(run.layers.denoiser, grid);
  return grid.batch * (kept + maps + working);
}

function vaeValues(
  run: MemoryRun,
  layers: readonly Layer[],
  { size, vaeWorkspace }: MemoryStage,
  { batch, tiled }: { readonly batch: number; readonly tiled: boolean },
): number {
  const side = (px: number): number => (tiled ? Math.min(px, run.tilePx) : px);
  const grid = { width: side(size.width), height: side(size.height), tokens: 0, batch };
  const keptRatio = vaeWorkspace === "keep" ? memoryConstants.vaeKeptRatio : 1;
  const ratio = memoryConstants.vaeLiveRatio * keptRatio;
  return grid.batch * ratio * largestLayer(layers, grid);
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
