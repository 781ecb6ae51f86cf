// What the recipe says, with the gaps filled from the model's presets: the one place where defaults are decided.
import { invalidRecipe } from "../base/failure.ts";
import { type Size, showSize } from "../base/size.ts";
import type { ModelConfig, PictureSides } from "../config/model-config.ts";
import type { Recipe, StageRecipe } from "../recipe/recipe.ts";
import { deriveSizes, nearestSide } from "./derive-sizes.ts";
import { type Preset, presetsFor, presetWith, singleStageSteps } from "./presets.ts";

/** A recipe without gaps. `frequency.low` is null where the low band is dropped (method §5). */
export interface Settings {
  readonly method: "frecas" | "direct";
  readonly variant: "corrected" | "published";
  readonly stages: readonly StageRecipe[];
  readonly gamma: number;
  readonly frequency: { readonly high: number; readonly low: number | null };
  readonly attentionReuse: number;
  readonly guidance: number;
  readonly tiling: NonNullable<Recipe["tiling"]>;
}

/** Throws `invalidRecipe` where sizes or stages don't fit together. */
export function chooseSettings(
  recipe: Recipe,
  model: ModelConfig,
): { readonly settings: Settings; readonly warnings: readonly string[] } {
  const { nativePx, multipleOfPx } = model.sides;
  const table = presetsFor(model.family, nativePx);
  const wantedPx = (table.defaultSidePx * nativePx) / table.nativePx;
  const defaultPx = nearestSide(wantedPx, multipleOfPx);
  const size = recipe.size ??
    recipe.stages?.at(-1)?.size ?? { width: defaultPx, height: defaultPx };
  if (recipe.stages === undefined) checkSides(size, model.sides, "size");
  const sizes = deriveSizes(size, model.sides);
  const preset = presetWith(table, recipe.stages?.length ?? sizes.length);
  const cascade = recipe.stages ?? sizes.map(stageFrom(preset, sizes.length));
  checkStages(cascade, size, model.sides);
  const method = recipe.method === "direct" ? "direct" : "frecas";
  const variant = recipe.variant ?? "corrected";
  const settings: Settings = {
    method,
    variant,
    stages: method === "direct" ? [asOneStage(cascade, size)] : cascade,
    // Flow matching has it built in (method §2).
    gamma: model.scheduler.kind === "flow" ? 1 : (recipe.gamma ?? preset.gamma),
    frequency: chooseFrequency(recipe, preset),
    attentionReuse: recipe.attentionReuse ?? preset.attentionReuse,
    guidance: recipe.guidance ?? preset.guidance,
    tiling: recipe.tiling ?? preset.tiling,
  };
  return { settings, warnings: warnOfSingle(recipe, settings, preset) };
}

/** Steps and `until` of the preset; a longer cascade repeats the preset's last stage but one. */
function stageFrom(preset: Preset, count: number): (size: Size, index: number) => StageRecipe {
  const last = preset.stages.length - 1;
  return (size, index) => {
    if (count === 1) return { size, steps: singleStageSteps, until: 0 };
    const from = index === count - 1 ? last : Math.min(index, last - 1);
    const { steps = singleStageSteps, until = 0 } = preset.stages[from] ?? {};
    return { size, steps, until };
  };
}

/** The same number of steps at the full size, for comparison. */
function asOneStage(cascade: readonly StageRecipe[], size: Size): StageRecipe {
  return { size, steps: cascade.reduce((sum, stage) => sum + stage.steps, 0), until: 0 };
}

function checkStages(stages: readonly StageRecipe[], size: Size, sides: PictureSides): void {
  if (stages.length === 0)
    throw invalidRecipe("stages: must list one stage at least, got none; leave the key out");
  for (const [index, stage] of stages.entries()) {
    const where = `stages[${index}]`;
    checkSides(stage.size, sides, `${where}.size`);
    checkStage(stage, stages[index - 1]?.size, where);
  }
  const last = stages.at(-1)?.size ?? size;
  if (last.width !== size.width || last.height !== size.height)
    throw invalidRecipe(
      `size: must be the size of the last stage, ${showSize(last)}, got ${showSize(size)}; leave size out or change the last stage`,
    );
}

/** Throws `invalidRecipe` where the model paints no such sides. */
export function checkSides(
  size: Size,
  { multipleOfPx, largestPx }: PictureSides,
  where: string,
): void {
  const sides = [size.width, size.height];
  const fitting = (px: number): number =>
    Math.min(nearestSide(px, multipleOfPx), largestPx ?? Number.POSITIVE_INFINITY);
  const advice = `got ${showSize(size)}; write ${showSize({ width: fitting(size.width), height: fitting(size.height) }, "x")}`;
  if (sides.some((px) => px < multipleOfPx || px % multipleOfPx !== 0))
    throw invalidRecipe(`${where}: must be multiples of ${multipleOfPx} px, ${advice}`);
  if (largestPx !== null && sides.some((px) => px > largestPx))
    throw invalidRecipe(
      `${where}: must be at most ${largestPx} px along a side, where the model's table of positions ends, ${advice}`,
    );
}

function checkStage(stage: StageRecipe, before: Size | undefined, where: string): void {
  const { width, height } = stage.size;
  const shown = showSize(stage.size);
  if (!Number.isInteger(stage.steps) || stage.steps < 1)
    throw invalidRecipe(
      `${where}.steps: must be a whole number from 1, got ${stage.steps}; write 10`,
    );
  if (before === undefined) return;
  const shrinks = width < before.width || height < before.height;
  if (shrinks || (width === before.width && height === before.height))
    throw invalidRecipe(
      `${where}.size: must be larger than the stage before, ${showSize(before)}, got ${shown}; let sizes grow or remove the stage`,
    );
}

/** One weight serves both bands, but the published code pairs weights with bands and stops at the shorter list. */
function chooseFrequency(
  { frequencyGuidance: asked, variant }: Recipe,
  preset: Preset,
): Settings["frequency"] {
  if (asked === undefined) return preset.frequency;
  const { high, low, single } = asked;
  return { high, low: single && variant === "published" ? null : low };
}

/** What becomes of a single weight, and how to say the same or the usual thing with two. */
function warnOfSingle(
  { frequencyGuidance: asked }: Recipe,
  { stages, guidance, frequency }: Settings,
  preset: Preset,
): readonly string[] {
  if (asked?.single !== true || stages.length === 1 || guidance <= 1) return [];
  const { high } = asked;
  const used = frequency.low === null ? "for high alone, as published" : "for both";
  const usual = `{ high: ${preset.frequency.high}, low: ${preset.frequency.low} }`;
  return [
    `frequency_guidance: should be { high, low }, got one number, ${high}, which is used ${used}; write { high: ${high}, low: ${high} } to mean both, or ${usual} as the preset has it`,
  ];
}
