// Settings that are known to work, as one table: the published ones (method §9) and those of the built-in model.
// A table belongs to models of one family and native size; other native sizes use the nearest table, scaled.
import type { ModelFamily } from "../config/model-config.ts";

/** One stage of a preset: side of a square picture in pixels, steps, last timestep (0..999). */
interface PresetStage {
  readonly sidePx: number;
  readonly steps: number;
  readonly until: number;
}

/** One row of method §9. The weights are those of method §5 and §6, `gamma` that of §2; flow matching has 1 built in. */
export interface Preset {
  readonly name: string;
  readonly stages: readonly PresetStage[];
  readonly gamma: number;
  readonly frequency: { readonly high: number; readonly low: number };
  readonly attentionReuse: number;
  readonly guidance: number;
  readonly tiling: "auto" | "on";
}

/** The presets of a family's models that were trained at `nativePx` by `nativePx` pixels, fewer stages first. */
export interface PresetTable {
  readonly nativePx: number;
  /** Side in pixels of the picture when a recipe says no size. */
  readonly defaultSidePx: number;
  readonly presets: readonly [Preset, ...Preset[]];
}

/** What the published code always uses (method §7). */
export const publishedNegative =
  "blurry, ugly, duplicated objects, poorly drawn, deformed, mosaic, bad hands, missing fingers, extra fingers, bad feet, unreasonable layout";

/** Steps of a picture that needs no cascade. */
export const singleStageSteps = 50;

/** The family's table whose native size is nearest by ratio. */
export function presetsFor(family: ModelFamily, nativePx: number): PresetTable {
  const distance = (table: PresetTable): number => Math.abs(Math.log(table.nativePx / nativePx));
  const [first, ...others] = tables[family];
  return others.reduce((best, table) => (distance(table) < distance(best) ? table : best), first);
}

/** The preset with this number of stages, or the one nearest to it. */
export function presetWith(table: PresetTable, stageCount: number): Preset {
  const distance = (preset: Preset): number => Math.abs(preset.stages.length - stageCount);
  return table.presets.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

const stableDiffusion: PresetTable = {
  nativePx: 512,
  defaultSidePx: 1024,
  presets: [
    {
      name: "sd21 1024",
      stages: [
        { sidePx: 512, steps: 40, until: 100 },
        { sidePx: 1024, steps: 10, until: 0 },
      ],
      gamma: 3,
      frequency: { high: 45, low: 7.5 },
      attentionReuse: 0.6,
      guidance: 7.5,
      tiling: "auto",
    },
    {
      name: "sd21 2048",
      stages: [
        { sidePx: 512, steps: 30, until: 200 },
        { sidePx: 1024, steps: 10, until: 200 },
        { sidePx: 2048, steps: 10, until: 0 },
      ],
      gamma: 3,
      frequency: { high: 35, low: 7.5 },
      attentionReuse: 0.4,
      guidance: 7.5,
      tiling: "auto",
    },
  ],
};

const stableDiffusionXL: PresetTable = {
  nativePx: 1024,
  defaultSidePx: 2048,
  presets: [
    {
      name: "sdxl 2048",
      stages: [
        { sidePx: 1024, steps: 40, until: 200 },
        { sidePx: 2048, steps: 10, until: 0 },
      ],
      gamma: 1.5,
      frequency: { high: 35, low: 7.5 },
      attentionReuse: 0.6,
      guidance: 7.5,
      tiling: "auto",
    },
    {
      name: "sdxl 4096",
      stages: [
        { sidePx: 1024, steps: 30, until: 400 },
        { sidePx: 2048, steps: 5, until: 200 },
        { sidePx: 4096, steps: 15, until: 0 },
      ],
      gamma: 2,
      frequency: { high: 35, low: 7.5 },
      attentionReuse: 0.6,
      guidance: 7.5,
      tiling: "on",
    },
  ],
};

const stableDiffusion3: PresetTable = {
  nativePx: 1024,
  defaultSidePx: 2048,
  presets: [
    {
      name: "sd3 2048",
      stages: [
        { sidePx: 1024, steps: 20, until: 50 },
        { sidePx: 2048, steps: 8, until: 0 },
      ],
      gamma: 1,
      frequency: { high: 35, low: 7.5 },
      attentionReuse: 0.5,
      guidance: 7.5,
      tiling: "auto",
    },
  ],
};

// Chosen by eye. Less noise is put back than in the published settings: with more of it this small model
// tears outlines and adds objects.
const vista: PresetTable = {
  nativePx: 128,
  defaultSidePx: 512,
  presets: [
    {
      name: "vista 256",
      stages: [
        { sidePx: 128, steps: 30, until: 100 },
        { sidePx: 256, steps: 12, until: 0 },
      ],
      gamma: 3,
      frequency: { high: 8, low: 3 },
      attentionReuse: 0.5,
      guidance: 3,
      tiling: "auto",
    },
    {
      name: "vista 512",
      stages: [
        { sidePx: 128, steps: 30, until: 100 },
        { sidePx: 256, steps: 12, until: 20 },
        { sidePx: 512, steps: 8, until: 0 },
      ],
      gamma: 3,
      frequency: { high: 8, low: 3 },
      attentionReuse: 0.5,
      guidance: 3,
      tiling: "auto",
    },
    {
      name: "vista 1024",
      stages: [
        { sidePx: 128, steps: 30, until: 100 },
        { sidePx: 256, steps: 12, until: 20 },
        { sidePx: 512, steps: 8, until: 20 },
        { sidePx: 1024, steps: 6, until: 0 },
      ],
      gamma: 3,
      frequency: { high: 8, low: 3 },
      attentionReuse: 0.5,
      guidance: 3,
      tiling: "auto",
    },
  ],
};

const tables: Readonly<Record<ModelFamily, readonly [PresetTable, ...PresetTable[]]>> = {
  sd: [stableDiffusion, vista],
  sdxl: [stableDiffusionXL],
  sd3: [stableDiffusion3],
};
