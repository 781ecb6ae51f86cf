// Runs as the daemon tells them, for tests of the runs view.
import type { RunRecord, RunState } from "../../../daemon/protocol/run-record.ts";
import type { Words } from "../../../extension/runs-view/describe-run.ts";

/** A run of two stages; run `id` was submitted at `id` seconds after the epoch. */
export function runRecord(id: number, state: RunState, facts: Partial<RunRecord> = {}): RunRecord {
  const size = { width: 256, height: 128 };
  return {
    id,
    name: "dawn",
    model: "vista",
    size,
    stages: [
      { size: { width: 128, height: 64 }, steps: 30 },
      { size, steps: 10 },
    ],
    file: "/recipes/dawn.frecas",
    submittedMs: id * 1000,
    state,
    pictures: [],
    keptStages: [],
    ...facts,
  };
}

export const queued: RunState = { kind: "queued" };

/** In step 4 of 10 of the second stage. */
export const painted = {
  kind: "running",
  startedMs: 5000,
  progress: { prompt: 0, stage: 1, step: 3, steps: 10, done: 34, total: 40 },
  stopping: false,
} satisfies RunState;

export const done = (endedMs: number): RunState => ({
  kind: "done",
  endedMs,
  seconds: 9.26,
  peakBytes: 450_000_000,
});

export const failed = (endedMs: number): RunState => ({
  kind: "failed",
  endedMs,
  code: "engine.crashed",
  message: "engine: died three times, got no further; look at its log",
});

/** A moment by its seconds; run 1 takes 12 more of them, and half of its work is done. */
export const words: Words = {
  today: "25 Nov",
  showTime: (atMs) => `at ${atMs / 1000} s`,
  secondsLeft: (id) => (id === 1 ? 12.3 : null),
  shareDone: (id) => (id === 1 ? 0.509 : null),
};
