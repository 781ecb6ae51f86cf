// How long a run still takes, from the pace of its own steps. Steps of larger stages take longer: what a step weighs
// is what its plan says that it costs, and where that is not known, its pixels.
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Progress, RunRecord } from "../../daemon/protocol/run-record.ts";

/** Work of one prompt, in any unit: of all steps of a stage, and of the VAE before and after them. */
export interface StageWork {
  readonly steps: number;
  readonly before: number;
  readonly denoising: number;
  readonly after: number;
}

/** What the plan counts; a stage's VAE work is half encoding into it, half decoding out of it. */
export function plannedWork({ stages, cost }: Pick<Plan, "stages" | "cost">): readonly StageWork[] {
  return stages.map((stage, index) => {
    const vae = cost.vaeByStage[index] ?? 0;
    const before = index === 0 ? 0 : vae / 2;
    const denoising = cost.denoiserByStage[index] ?? 0;
    return { steps: stage.steps.length, before, denoising, after: vae - before };
  });
}

/** Without the plan. */
export function guessedWork({ stages }: Pick<RunRecord, "stages">): readonly StageWork[] {
  return stages.map(({ size, steps }) => ({
    steps,
    before: 0,
    denoising: steps * size.width * size.height,
    after: 0,
  }));
}

/** A moment at which a step had ended. */
interface Mark {
  readonly atMs: number;
  readonly done: number;
}

/** A run's steps so far. */
export interface Pace {
  readonly prompt: number;
  readonly stage: number;
  /** The first step that was heard of, the first one of the present stage, the last one. */
  readonly first: Mark;
  readonly stageFirst: Mark;
  readonly last: Mark;
  readonly total: number;
}

/** The pace after one more step, which ended at `atMs`. */
export function hearStep(
  pace: Pace | undefined,
  work: readonly StageWork[],
  { progress, atMs }: { readonly progress: Progress; readonly atMs: number },
): Pace {
  const { prompt, stage } = progress;
  const perPrompt = work.reduce(
    (sum, { before, denoising, after }) => sum + before + denoising + after,
    0,
  );
  const perRun = work.reduce((sum, { steps }) => sum + steps, 0);
  const prompts = perRun === 0 ? 1 : Math.max(1, Math.round(progress.total / perRun));
  const last = { atMs, done: prompt * perPrompt + doneIn(work, progress) };
  const isSameStage = pace?.prompt === prompt && pace.stage === stage;
  return {
    prompt,
    stage,
    first: pace?.first ?? last,
    stageFirst: isSameStage ? pace.stageFirst : last,
    last,
    total: prompts * perPrompt,
  };
}

/** Work of the prompt that is behind this step. */
function doneIn(work: readonly StageWork[], { stage, step, steps }: Progress): number {
  let done = 0;
  for (const [index, { before, denoising, after }] of work.entries()) {
    if (index < stage) done += before + denoising + after;
    if (index === stage) done += before + (denoising * (step + 1)) / Math.max(1, steps);
  }
  return done;
}

/** Seconds that the run still takes; null before two steps have ended. */
export function secondsLeft(
  { first, stageFirst, last, total }: Pace,
  nowMs: number,
): number | null {
  const from = stageFirst.done < last.done ? stageFirst : first;
  if (from.done >= last.done) return null;
  const msPerWork = (last.atMs - from.atMs) / (last.done - from.done);
  const left = (total - last.done) * msPerWork - (nowMs - last.atMs);
  return Math.max(0, left) / 1000;
}

/** How much of the run's work is done, 0 to 1. */
export const shareDone = ({ last, total }: Pace): number => (total > 0 ? last.done / total : 0);
