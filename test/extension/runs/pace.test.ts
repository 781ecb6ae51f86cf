// The time that a run still takes: against runs whose every step takes a known time.
import { expect, it } from "vitest";
import {
  guessedWork,
  hearStep,
  type Pace,
  plannedWork,
  type StageWork,
  secondsLeft,
  shareDone,
} from "../../../extension/runs/pace.ts";
import { showDuration } from "../../../extension/runs/show-duration.ts";
import { done, someRun } from "./some-runs.ts";

/** Plays a run that takes a second for each unit of work; at each step the time that is left, and the true one. */
function play(work: readonly StageWork[], prompts: number) {
  let pace: Pace | undefined;
  let atMs = 5000;
  let count = 0;
  const perPrompt = work.reduce((sum, one) => sum + one.before + one.denoising + one.after, 0);
  const total = prompts * work.reduce((sum, { steps }) => sum + steps, 0);
  const told: { readonly left: number | null; readonly truth: number; readonly share: number }[] =
    [];
  for (let prompt = 0; prompt < prompts; prompt += 1)
    for (const [stage, { before, denoising, after, steps }] of work.entries()) {
      atMs += 1000 * before;
      for (let step = 0; step < steps; step += 1) {
        atMs += (1000 * denoising) / steps;
        count += 1;
        const progress = { prompt, stage, step, steps, done: count, total };
        pace = hearStep(pace, work, { progress, atMs });
        const truth = 5 + prompts * perPrompt - atMs / 1000;
        told.push({ left: secondsLeft(pace, atMs), truth, share: shareDone(pace) });
      }
      atMs += 1000 * after;
    }
  return { told, pace };
}

function check(work: readonly StageWork[], prompts: number): void {
  const { told } = play(work, prompts);
  expect(told[0]?.left).toBeNull();
  for (const { left, truth } of told.slice(1)) expect(left).toBeCloseTo(truth, 6);
  expect(told.map(({ share }) => share)).toEqual(
    told.map(({ share }) => share).toSorted((a, b) => a - b),
  );
}

it("a run whose pace is what its plan says is told its time exactly, from the second step on", () => {
  check(
    [
      { steps: 4, before: 0, denoising: 2, after: 1 },
      { steps: 5, before: 1, denoising: 10, after: 3 },
    ],
    1,
  );
  check(
    [
      { steps: 4, before: 0, denoising: 2, after: 1 },
      { steps: 1, before: 1, denoising: 10, after: 0 },
    ],
    3,
  );
  check(guessedWork(someRun(1, done)), 1);
});

it("a stage that is slower than planned is told by its own pace", () => {
  const work = [
    { steps: 2, before: 0, denoising: 2, after: 0 },
    { steps: 10, before: 0, denoising: 10, after: 0 },
  ];
  const progress = (stage: number, step: number) => ({
    prompt: 0,
    stage,
    step,
    steps: work[stage]?.steps ?? 0,
    done: 0,
    total: 12,
  });
  const heard = [
    [0, 0, 0],
    [0, 1, 1000],
    [1, 0, 2000],
    [1, 1, 5000],
  ].reduce(
    (pace: Pace | undefined, [stage = 0, step = 0, atMs = 0]) =>
      hearStep(pace, work, { progress: progress(stage, step), atMs }),
    undefined,
  );
  expect(heard && secondsLeft(heard, 5000)).toBe(8 * 3);
  expect(heard && secondsLeft(heard, 6000)).toBe(8 * 3 - 1);
  expect(heard && secondsLeft(heard, 900_000)).toBe(0);
});

it("a plan's VAE work is before and after its stage's steps", () => {
  const stages = [{ steps: [1, 2] }, { steps: [1] }];
  const cost = { denoiserByStage: [10, 20], vaeByStage: [3, 8] };
  expect(plannedWork({ stages, cost } as unknown as Parameters<typeof plannedWork>[0])).toEqual([
    { steps: 2, before: 0, denoising: 10, after: 3 },
    { steps: 1, before: 4, denoising: 20, after: 4 },
  ]);
});

it.each([
  [0, "1 s"],
  [9.4, "9 s"],
  [59.4, "59 s"],
  [59.6, "1 min"],
  [3570, "1 h"],
  [4800, "1 h 20 min"],
])("%f seconds are %s", (seconds, words) => {
  expect(showDuration(seconds)).toBe(words);
});
