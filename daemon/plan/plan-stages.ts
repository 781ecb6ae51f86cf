// Stages with every number decided: timesteps, ᾱ, guidance, map reuse (method §2, §3, §5, §6).
import { invalidRecipe } from "../base/failure.ts";
import type { Size } from "../base/size.ts";
import type { SchedulerConfig } from "../config/scheduler-config.ts";
import type { StageRecipe } from "../recipe/recipe.ts";
import type { Settings } from "./choose-settings.ts";
import type { PlannedStage, PlannedStep, StageGuidance } from "./plan.ts";
import {
  alphasCumprod,
  finalAlphaBar,
  LAST_TIMESTEP,
  nextStart,
  publishedStepCount,
  stageTimesteps,
} from "./schedule.ts";

/** A stage before it is known whether the VAE works in tiles. */
export type UntiledStage = Omit<PlannedStage, "tiledEncode" | "tiledDecode">;

/** Throws `invalidRecipe` where a stage cannot start noisy enough, or ends before it starts. */
export function planStages(
  settings: Settings,
  config: SchedulerConfig,
): { readonly stages: readonly UntiledStage[]; readonly warnings: readonly string[] } {
  const alphas = alphasCumprod(config);
  const schedule = { alphas, final: finalAlphaBar(config, alphas), variant: settings.variant };
  const stages: UntiledStage[] = [];
  const warnings: string[] = [];
  let start = LAST_TIMESTEP;
  for (const [index, stage] of settings.stages.entries()) {
    const { size } = stage;
    warnings.push(...checkSpan(stage, start, `stages[${index}]`));
    stages.push({
      size,
      latent: latentOf(size),
      steps: planSteps(schedule, start, stage),
      guidance: chooseGuidance(settings, index),
      ...chooseReuse(settings, index),
    });
    const next = settings.stages[index + 1];
    if (next === undefined) break;
    const change = startOfNext(settings, alphas, { stage, next, index });
    warnings.push(...change.warnings);
    start = change.start;
  }
  return { stages, warnings };
}

const latentOf = (size: Size): Size => ({ width: size.width / 8, height: size.height / 8 });

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

interface Schedule {
  readonly alphas: Float32Array;
  readonly final: number;
  readonly variant: Settings["variant"];
}

/** Timesteps with ᾱ before and after each update (method §3). */
function planSteps(schedule: Schedule, start: number, stage: StageRecipe): readonly PlannedStep[] {
  const { alphas, final } = schedule;
  const { until, steps } = stage;
  const timesteps = stageTimesteps(start, until, steps);
  const stride = Math.floor(1000 / publishedStepCount(start, until, steps));
  const nextOf = (timestep: number, index: number): number =>
    schedule.variant === "published" ? timestep - stride : (timesteps[index + 1] ?? -1);
  return timesteps.map((timestep, index) => {
    const next = nextOf(timestep, index);
    return {
      timestep,
      alphaBar: alphas[timestep] as number,
      nextAlphaBar: next < 0 ? final : (alphas[next] as number),
    };
  });
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
  index: number,
): Pick<PlannedStage, "attentionReuse" | "collectsMaps"> {
  const weight = settings.attentionReuse;
  const resize = settings.variant === "published" ? "matrix" : "picture";
  return {
    attentionReuse: index > 0 && weight > 0 ? { weight, resize } : null,
    collectsMaps: index < settings.stages.length - 1 && weight > 0,
  };
}

function startOfNext(
  settings: Settings,
  alphas: Float32Array,
  change: { readonly stage: StageRecipe; readonly next: StageRecipe; readonly index: number },
): { readonly start: number; readonly warnings: readonly string[] } {
  const { stage, next, index } = change;
  const shrink = Math.min(stage.size.width / next.size.width, stage.size.height / next.size.height);
  const { gamma, variant } = settings;
  const start = nextStart(alphas, { until: stage.until, shrink, gamma });
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
