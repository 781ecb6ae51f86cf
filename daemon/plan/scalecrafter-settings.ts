// What a recipe says of ScaleCrafter, with the gaps filled from the published configuration for the model and the size.
import { invalidRecipe } from "../base/failure.ts";
import { type Size, showSize } from "../base/size.ts";
import type { ModelConfig } from "../config/model-config.ts";
import type { FreeU } from "../config/unet-variant.ts";
import type { Recipe, ScalecrafterRecipe } from "../recipe/recipe.ts";
import { checkSides } from "./choose-settings.ts";
import { nearestSide } from "./derive-sizes.ts";
import { presetsFor } from "./presets.ts";
import {
  type ScalecrafterFamily,
  type ScalecrafterTable,
  scalecrafterSd1,
  scalecrafterSd2,
  scalecrafterSdxl,
  scalecrafterSmall,
} from "./scalecrafter-tables.ts";

/** Models with a UNet: the only ones that have the convolutions. */
export type UNetModel = Exclude<ModelConfig, { family: "sd3" }>;

export interface ScalecrafterSettings {
  readonly size: Size;
  readonly guidance: number;
  readonly steps: number;
  readonly eta: number;
  readonly table: ScalecrafterTable;
  /** In pixels of this model. */
  readonly tableSize: Size;
  readonly dilateTau: number;
  readonly ndcfgTau: number;
  readonly inflateTau: number;
  readonly progressive: boolean;
  readonly freeU: FreeU | null;
}

/** Steps that the published configurations have, and their taus are counted in. */
const publishedSteps = 50;

/** Throws `invalidRecipe` where there is no table for the size, or settings don't fit together. */
export function chooseScalecrafter(recipe: Recipe, model: UNetModel): ScalecrafterSettings {
  const family = scalecrafterFamily(model);
  const size = chooseSize(recipe, model);
  const written = recipe.scalecrafter ?? {};
  const { table, tableSize } = chooseTable(size, written, model);
  const steps = written.steps ?? publishedSteps;
  const scaled = (tau: number): number => Math.round((tau * steps) / publishedSteps);
  const settings: ScalecrafterSettings = {
    size,
    guidance: recipe.guidance ?? family.guidance,
    steps,
    eta: written.eta ?? 1,
    table,
    tableSize,
    dilateTau: written.dilateTau ?? scaled(table.dilateTau),
    ndcfgTau: written.ndcfgTau ?? scaled(table.ndcfgTau),
    inflateTau: written.inflateTau ?? 0,
    progressive: isOn(written.progressive, table.progressive),
    freeU: isOn(written.freeu, family.usesFreeU) ? family.freeU : null,
  };
  checkDispersion(settings, recipe.variant);
  return settings;
}

const isOn = (written: "on" | "off" | undefined, usual: boolean): boolean =>
  written === undefined ? usual : written === "on";

/** Side of pictures in training up to which a model is none of the published ones. */
const smallPx = 256;

/** The tables were made for Stable Diffusion 1.5, 2.1 and XL; 2.x is told from 1.x by its linear projections. */
export function scalecrafterFamily({ family, unet, sides }: UNetModel): ScalecrafterFamily {
  if (family === "sdxl") return scalecrafterSdxl;
  if (sides.nativePx <= smallPx && unet.linearProjection) return scalecrafterSmall;
  return unet.linearProjection ? scalecrafterSd2 : scalecrafterSd1;
}

function chooseSize(recipe: Recipe, { family, sides }: UNetModel): Size {
  const { nativePx, multipleOfPx } = sides;
  const presets = presetsFor(family, nativePx);
  const usualPx = (presets.defaultSidePx * nativePx) / presets.nativePx;
  const side = nearestSide(usualPx, multipleOfPx);
  const size = recipe.size ?? recipe.stages?.at(-1)?.size ?? { width: side, height: side };
  checkSides(size, sides, "size");
  return size;
}

interface SizedTable {
  readonly table: ScalecrafterTable;
  readonly tableSize: Size;
}

function chooseTable(
  size: Size,
  { table: asked }: ScalecrafterRecipe,
  model: UNetModel,
): SizedTable {
  const tables = tablesOf(model);
  const found = tables.find(({ tableSize }) => fits(tableSize, asked ?? size));
  if (found !== undefined) return found;
  const known = tables.map(({ tableSize }) => showSize(tableSize, "x")).join(", ");
  const nearest = showSize(nearestTable(tables, asked ?? size).tableSize, "x");
  throw invalidRecipe(
    asked === undefined
      ? `size: must be one that scalecrafter has a table for with this model, ${known}, got ${showSize(size, "x")}; write size: ${nearest}, or scalecrafter: { table: ${nearest} } to paint ${showSize(size, "x")} by that table`
      : `scalecrafter.table: must be one that there is for this model, ${known}, got ${showSize(asked, "x")}; write table: ${nearest}`,
  );
}

/** In pixels of this model. */
function tablesOf(model: UNetModel): readonly SizedTable[] {
  const { nativePx, tables } = scalecrafterFamily(model);
  const scale = model.sides.nativePx / nativePx;
  return tables.map((table) => ({
    table,
    tableSize: { width: table.width * scale, height: table.height * scale },
  }));
}

/** Smaller sizes of the same shape that there are tables for, the largest first. */
export function smallerTables({ width, height }: Size, model: UNetModel): readonly Size[] {
  return tablesOf(model)
    .map(({ tableSize }) => tableSize)
    .filter((each) => each.width * height === width * each.height && each.width < width)
    .sort((one, other) => other.width - one.width);
}

/** Lying or standing. */
function fits({ width, height }: Size, wanted: Size): boolean {
  const same = wanted.width === width && wanted.height === height;
  return same || (wanted.width === height && wanted.height === width);
}

/** By the number of pixels, as a ratio. */
function nearestTable(tables: readonly SizedTable[], { width, height }: Size): SizedTable {
  const distance = ({ tableSize }: SizedTable): number =>
    Math.abs(Math.log((tableSize.width * tableSize.height) / (width * height)));
  return tables.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

/** Kernels of 5 by 5 cells are padded for the factor that re-dilation gives them; without it they would shrink the picture. */
function checkDispersion(settings: ScalecrafterSettings, variant: Recipe["variant"]): void {
  const { inflateTau, dilateTau, ndcfgTau, table, guidance } = settings;
  if (inflateTau > dilateTau)
    throw invalidRecipe(
      `scalecrafter.inflate_tau: must be at most dilate_tau, ${dilateTau}, got ${inflateTau}; lower it`,
    );
  const unpadded = table.dispersed.some((place) => table.damping[place] === undefined);
  if (variant === "published" && inflateTau > 0 && ndcfgTau > 0 && guidance > 1 && unpadded)
    throw invalidRecipe(
      `scalecrafter.inflate_tau: must be 0 with this table's noise-damped guidance, where the published code fails, got ${inflateTau}; write ndcfg_tau: 0, or use variant: corrected`,
    );
}
