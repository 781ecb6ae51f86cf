// Stages with every number decided: timesteps, noise, guidance, map reuse (method §2, §3, §5, §6).
import { invalidRecipe } from "../base/failure.ts";
import type { Size } from "../base/size.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { cellPx } from "../config/vae-config.ts";
import type { StageRecipe } from "../recipe/recipe.ts";
import { chooseSchedule } from "./choose-schedule.ts";
import type { Settings } from "./choose-settings.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";
import type { PlannedStage, StageGuidance } from "./plan.ts";
import { LAST_TIMESTEP } from "./schedule.ts";

/** A stage before it is cut to the memory there is. */
export type UntiledStage = Omit<
  PlannedStage,
  "tiledEncode" | "tiledDecode" | "vaeWorkspace" | "encodesAlone" | "decodesAlone" | "sides"
>;

/** Throws `invalidRecipe` where a stage cannot start noisy enough, or ends before it starts. */
export function planStages(
  settings: Settings,
  model: ModelConfig,
): { readonly stages: readonly UntiledStage[]; readonly warnings: readonly string[] } {
  const schedule = chooseSchedule(model.scheduler, settings);
  const stages: UntiledStage[] = [];
  const warnings: string[] = [];
  let start = LAST_TIMESTEP;
  for (const [index, stage] of settings.stages.entries()) {
    const { size } = stage;
    warnings.push(...checkSpan(stage, start, `stages[${index}]`));
    stages.push({
      size,
      latent: latentOf(size),
      steps: schedule.steps({ ...stage, start }),
      guidance: chooseGuidance(settings, index),
      ...chooseReuse(settings, model, index),
    });
    const next = settings.stages[index + 1];
    if (next === undefined) break;
    const change = startOfNext(settings, schedule, { stage, next, index });
    warnings.push(...change.warnings);
    if (change.start === 0) checkRoom(settings, index, start);
    start = change.start;
  }
  return { stages, warnings };
}

const latentOf = (size: Size): Size => ({
  width: size.width / cellPx,
  height: size.height / cellPx,
});

/**
 * Flow matching puts no noise back onto what is painted down to 0, so the next stage starts there too: room for one step.
 * `start` is that of the stage that ended.
 */
function checkRoom({ stages }: Settings, ended: number, start: number): void {
  const next = stages[ended + 1];
  if (next === undefined || (next.steps === 1 && next.until === 0)) return;
  throw invalidRecipe(
    `stages[${ended}].until: must be above 0, for the next stage starts without noise otherwise, got ${stages[ended]?.until}; write ${Math.min(50, Math.ceil(start / 2))}`,
  );
}

/** A stage runs from `start` down to its `until`; the timesteps in between should be enough for its steps. */
function checkSpan(stage: StageRecipe, start: number, where: string): readonly string[] {
  const { until, steps } = stage;
  const known = Number.isInteger(until) && until >= 0 && until <= LAST_TIMESTEP;
  if (!known || until > start || (until === start && steps > 1))
    throw invalidRecipe(
      `${where}.until: must be a timestep from 0 to below ${start}, where the stage starts, got ${until}; lower it`,
    );
  const span = start - until + 1;
  if (steps <= span) return [];
  return [
    `${where}.steps: should be at most ${span}, the timesteps from ${start} to ${until}, got ${steps}, so that some are repeated; lower it`,
  ];
}

/** Frequency-aware guidance splits at the previous stage's size, so the first stage has none (method §5). */
function chooseGuidance(settings: Settings, index: number): StageGuidance {
  const { guidance, frequency } = settings;
  const before = settings.stages[index - 1];
  if (guidance <= 1) return { kind: "none" };
  if (before === undefined) return { kind: "cfg", scale: guidance };
  return { kind: "frequency", ...frequency, lowSize: latentOf(before.size) };
}

/** Method §6; a weight of 0 would change nothing, so nothing is collected for it. */
function chooseReuse(
  settings: Settings,
  model: ModelConfig,
  index: number,
): Pick<PlannedStage, "attentionReuse" | "collectsMaps"> {
  const weight = settings.attentionReuse;
  const resize = settings.variant === "published" ? "matrix" : "picture";
  return {
    attentionReuse:
      index > 0 && weight > 0 ? { weight, factor: reuseFactor(settings, model), resize } : null,
    collectsMaps: index < settings.stages.length - 1 && weight > 0,
  };
}

/**
 * In joint attention the maps come on top of an attention that has the text among its keys: as much as text tokens are
 * of the picture's tokens in the first stage, which the published code takes for 1024 by 1024 pixels (method §6).
 */
function reuseFactor(
  { stages, variant }: Settings,
  { family, condition, sides }: ModelConfig,
): number {
  if (family !== "sd3") return 1;
  const { width = 0, height = 0 } = stages[0]?.size ?? {};
  const tokens = (width * height) / sides.multipleOfPx ** 2;
  return condition.tokens / (variant === "published" ? 4096 : tokens);
}

function startOfNext(
  settings: Settings,
  schedule: NoiseSchedule,
  change: { readonly stage: StageRecipe; readonly next: StageRecipe; readonly index: number },
): { readonly start: number; readonly warnings: readonly string[] } {
  const { stage, next, index } = change;
  const shrink = Math.min(stage.size.width / next.size.width, stage.size.height / next.size.height);
  const { gamma, variant } = settings;
  const start = schedule.nextStart({ until: stage.until, shrink });
  if (start !== null) return { start, warnings: [] };
  const what = `stages[${index}].until: must leave room for a noisier start of the next stage, got ${stage.until} with gamma ${gamma} and a growth of ${Number((1 / shrink).toFixed(2))}`;
  if (variant === "published")
    throw invalidRecipe(
      `${what}; the published code fails here, lower until or gamma, or use variant: corrected`,
    );
  return {
    start: LAST_TIMESTEP,
    warnings: [`${what}; the next stage starts at ${LAST_TIMESTEP}, lower until or gamma`],
  };
}
