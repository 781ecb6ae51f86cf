// Where a cascade begins that enlarges an existing picture: which stage enlarges it, and whether it fits there.
// The picture stands in for what the stage before would have painted, so it must have that stage's aspect.
import { invalidRecipe } from "../base/failure.ts";
import { type Size, showSize } from "../base/size.ts";
import type { ModelConfig, PictureSides } from "../config/model-config.ts";
import { cellPx } from "../config/vae-config.ts";
import type { Recipe, StageRecipe } from "../recipe/recipe.ts";
import type { Settings } from "./choose-settings.ts";
import { deriveSizes, nearestSide } from "./derive-sizes.ts";
import type { PlannedInit } from "./plan.ts";
import type { UntiledStage } from "./plan-stages.ts";

/** What a plan needs to know of a picture. */
export interface PictureFacts {
  /** Pixels, as people see it. */
  readonly size: Size;
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Facts of the picture at an absolute path; throws Failures where there is none. */
export type ExaminePicture = (path: string) => PictureFacts;

interface InitPlan {
  /** null where the cascade begins with noise. */
  readonly init: PlannedInit | null;
  readonly warnings: readonly string[];
}

/** Throws `invalidRecipe` where no stage can enlarge the picture, and whatever `examine` throws. */
export function planInit(
  recipe: Recipe,
  settings: Settings,
  { sides }: Pick<ModelConfig, "sides">,
  examine: ExaminePicture,
): InitPlan {
  // A direct run has one stage, which enlarges nothing; the parser warns of that.
  if (recipe.init === undefined || settings.method === "direct")
    return { init: null, warnings: [] };
  const { image, from } = recipe.init;
  const { stages } = settings;
  checkCount(stages, from);
  const { size, sha256 } = examine(image);
  const stage = from === undefined ? stageAfter(size, stages) : from - 1;
  const before = (stages[stage - 1] as StageRecipe).size;
  if (!fits(size, before))
    throw invalidRecipe(
      `init: image must have the aspect of stage ${stage}, ${showSize(before)}, got ${showSize(size)}; ${adviseAspect(recipe, settings, sides, { size, stage })}`,
    );
  return {
    init: { image, sha256, size, stage },
    warnings: warnOfLoss(size, { stage, stages, sides }),
  };
}

/**
 * The steps that a run from a picture takes: none before the stage that enlarges it, but one network call in the stage
 * before that, where maps are collected for it.
 */
export function startFromPicture<Stage extends UntiledStage>(
  stages: readonly Stage[],
  init: PlannedInit | null,
): readonly Stage[] {
  if (init === null) return stages;
  return stages.map((stage, index) => {
    if (index >= init.stage) return stage;
    const collectsMaps = index === init.stage - 1 && stage.collectsMaps;
    const steps = collectsMaps ? stage.steps.slice(-1) : [];
    return { ...stage, steps, collectsMaps, guidance: { kind: "none" }, attentionReuse: null };
  });
}

function checkCount(stages: readonly StageRecipe[], from: number | undefined): void {
  const last = stages.at(-1) as StageRecipe;
  if (stages.length < 2)
    throw invalidRecipe(
      `init: needs a stage that enlarges its picture, got one stage alone, ${showSize(last.size)}; write a larger size`,
    );
  if (from !== undefined && from > stages.length)
    throw invalidRecipe(
      `init: from must be one of the stages, got stage ${from} of ${stages.length}; write from: ${stages.length}`,
    );
}

/** The stage after the one whose size is nearest to the picture's, as a ratio. */
function stageAfter(size: Size, stages: readonly { readonly size: Size }[]): number {
  const last = (stages.at(-1) as StageRecipe).size;
  if (area(size) >= area(last))
    throw invalidRecipe(
      `init: image must be smaller than the finished picture, ${showSize(last)}, got ${showSize(size)}; write a larger size, or write from, and the picture is shrunk`,
    );
  const off = (stage: { readonly size: Size }): number =>
    Math.abs(Math.log(area(stage.size) / area(size)));
  const distances = stages.slice(0, -1).map(off);
  return 1 + distances.indexOf(Math.min(...distances));
}

const area = ({ width, height }: Size): number => width * height;

/** Whether the picture, resized along one side, meets the other one within a latent cell. */
function fits(picture: Size, stage: Size): boolean {
  const offWidth = Math.abs(stage.width - (picture.width * stage.height) / picture.height);
  const offHeight = Math.abs(stage.height - (picture.height * stage.width) / picture.width);
  return Math.min(offWidth, offHeight) <= cellPx;
}

/** What to write instead: a size whose stages fit, or else the size of the one stage. */
function adviseAspect(
  recipe: Recipe,
  { stages }: Settings,
  sides: PictureSides,
  { size, stage }: { readonly size: Size; readonly stage: number },
): string {
  const whole = alike(size, (stages.at(-1) as StageRecipe).size, sides);
  const derived = deriveSizes(whole, sides).map((each) => ({ size: each }));
  const canDerive = recipe.stages === undefined && derived.length > 1 && area(size) < area(whole);
  const after = canDerive ? (recipe.init?.from ?? stageAfter(size, derived) + 1) - 1 : 0;
  const before = derived[after - 1];
  if (before !== undefined && after < derived.length && fits(size, before.size))
    return `write size: ${showSize(whole, "x")}, or crop the picture`;
  const own = alike(size, (stages[stage - 1] as StageRecipe).size, sides);
  return `write stages of its aspect, ${showSize(own, "x")} for stage ${stage}, or crop the picture`;
}

/** The picture's aspect with the longer side of `like`, on the model's grid. */
function alike(picture: Size, like: Size, { multipleOfPx }: PictureSides): Size {
  const scale = Math.max(like.width, like.height) / Math.max(picture.width, picture.height);
  return {
    width: nearestSide(picture.width * scale, multipleOfPx),
    height: nearestSide(picture.height * scale, multipleOfPx),
  };
}

interface Place {
  readonly stage: number;
  readonly stages: readonly StageRecipe[];
  readonly sides: PictureSides;
}

function warnOfLoss(size: Size, { stage, stages, sides }: Place): readonly string[] {
  const before = (stages[stage - 1] as StageRecipe).size;
  if (!shrinks(size, before)) return [];
  const later = stages.slice(0, -1).findIndex((each) => !shrinks(size, each.size));
  const own = `stages of your own, with ${showSize(alike(size, size, sides), "x")} for that one,`;
  const todo = later < 0 ? own : `from: ${later + 2}`;
  return [
    `init: image should be no larger than stage ${stage}, ${showSize(before)}, got ${showSize(size)}, so that it is shrunk and loses details; write ${todo} to keep them`,
  ];
}

function shrinks(picture: Size, stage: Size): boolean {
  return picture.width >= stage.width + cellPx || picture.height >= stage.height + cellPx;
}
