// Runs and plans as the lenses' tests need them: what they do not look at is left out.
import type { Plan } from "../../../daemon/plan/plan.ts";
import type { RunRecord, RunState } from "../../../daemon/protocol/run-record.ts";
import type { FeedSnapshot } from "../../../extension/client/run-feed.ts";
import type { PlannedRecipe } from "../../../extension/plan-request/plan-request.ts";
import type { Pace } from "../../../extension/runs/pace.ts";

export const file = "/recipes/dawn.frecas";

export function someRun(id: number, state: RunState, more: Partial<RunRecord> = {}): RunRecord {
  const sizes = [128, 256, 512].map((side) => ({ width: side, height: side }));
  return {
    id,
    name: "dawn",
    model: "vista",
    size: { width: 512, height: 512 },
    stages: sizes.map((size) => ({ size, steps: 10 })),
    file,
    submittedMs: 0,
    state,
    pictures:
      state.kind === "done" ? [{ prompt: 0, image: 0, path: "/recipes/a.png", atMs: 1 }] : [],
    keptStages: [],
    ...more,
  };
}

export const running = (stage: number, step: number, stopping = false): RunState => ({
  kind: "running",
  startedMs: 0,
  stopping,
  progress: { prompt: 0, stage, step, steps: 10, done: 10 * stage + step + 1, total: 30 },
});

export const done: RunState = { kind: "done", endedMs: 1, seconds: 1, peakBytes: 1 };
export const failed: RunState = {
  kind: "failed",
  endedMs: 1,
  code: "memory.short",
  message: "memory: the run needs 9 GB",
};

/** At `atMs`, with `done` of `total` parts done since `since` were, which was at 0 ms. */
export function somePace(
  atMs: number,
  {
    stage,
    since = 0,
    done,
    total,
  }: Record<"stage" | "done" | "total", number> & { since?: number },
): Pace {
  return {
    prompt: 0,
    stage,
    first: { atMs: 0, done: 0 },
    stageFirst: { atMs: 0, done: since },
    last: { atMs, done },
    total,
  };
}

export function somePlan(name: string, more: Partial<PlannedRecipe> = {}): PlannedRecipe {
  const stage = (side: number, steps: number) => ({
    size: { width: side, height: side },
    steps: Array.from({ length: steps }),
  });
  const plan = {
    prompts: [{ outputs: ["/recipes/a.png"] }],
    stages: [stage(256, 30), stage(512, 20)],
  } as unknown as Plan;
  return {
    kind: "planned",
    name,
    fromLine: more.line ?? 0,
    line: 0,
    plan,
    seconds: 9,
    availableBytes: 1,
    warnings: [],
    compares: [],
    ...more,
  } as PlannedRecipe;
}

export function someFeed(
  runs: readonly RunRecord[],
  more: Partial<FeedSnapshot> = {},
): FeedSnapshot {
  const waits = runs.filter(({ state }) => state.kind === "queued" || state.kind === "interrupted");
  return { link: "up", paused: false, runs, waiting: waits.map(({ id }) => id), ...more };
}
