// What the results panel says of a recipe's runs.
import { expect, it } from "vitest";
import type { RunRecord, RunState } from "../../daemon/protocol/run-record.ts";
import { describeWork, type QueueState } from "../../extension/panel/describe-work.ts";
import { somePace } from "../extension/runs/some-runs.ts";

const size = { width: 512, height: 256 };

function run(id: number, state: RunState): RunRecord {
  const stages = [
    { size: { width: 256, height: 128 }, steps: 3 },
    { size, steps: 1 },
  ];
  return {
    id,
    name: "dawn",
    model: "vista",
    size,
    stages,
    file: "/r/dawn.frecas",
    submittedMs: 0,
    state,
    pictures: [],
    keptStages: [],
  };
}

const done: RunState = { kind: "done", endedMs: 9, seconds: 1, peakBytes: 1 };
const failed: RunState = {
  kind: "failed",
  endedMs: 9,
  code: "engine.crashed",
  message: "engine …",
};
const running: RunState = { kind: "running", startedMs: 0, progress: null, stopping: false };
/** Three parts of four took three seconds. */
const pace = somePace(3000, { stage: 1, done: 3, total: 4 });
const progress = { prompt: 0, stage: 1, step: 0, steps: 1, done: 3, total: 4 };

function check(
  states: readonly RunState[],
  waiting: readonly number[],
  expected: object,
  link: QueueState["link"] = "up",
): void {
  const runs = states.map((state, index) => run(index + 1, state));
  const queue = { link, paused: false, waiting, pace: () => pace, nowMs: 3000 };
  expect(describeWork(runs, queue)).toEqual(expected);
}

it("says nothing of a recipe without runs", () => check([], [8], { kind: "idle" }));

it("says nothing of a run that ended well", () => check([failed, done], [], { kind: "idle" }));

it("says why the newest run failed, and which it was", () =>
  check([done, failed], [], { kind: "failed", runId: 2, message: "engine …" }));

it("counts what comes before a run that waits, runs of other recipes too", () =>
  check([{ kind: "queued" }], [9, 8, 1], {
    kind: "waiting",
    runId: 1,
    before: 2,
    isPaused: false,
  }));

it("says where the run that is painted is, whatever waits behind it", () =>
  check([{ ...running, progress }, { kind: "queued" }], [2], {
    kind: "running",
    runId: 1,
    size,
    stages: [{ width: 256, height: 128 }, size],
    place: { stage: 1, step: 0, steps: 1, share: 0.75 },
    secondsLeft: 1,
    isStopping: false,
  }));

it("says that the daemon has ended where it does so before the runs do, and what ended before stays", () => {
  check(
    [{ kind: "queued" }, { ...running, progress }],
    [1],
    { kind: "lost", runId: 2, size },
    "lost",
  );
  check([done, { kind: "queued" }], [2], { kind: "lost", runId: 2, size }, "lost");
  check([failed], [], { kind: "failed", runId: 1, message: "engine …" }, "lost");
  check([done], [], { kind: "idle" }, "off");
});

it("has no place for a run before its first step", () =>
  check([running], [], {
    kind: "running",
    runId: 1,
    size,
    stages: [{ width: 256, height: 128 }, size],
    place: null,
    secondsLeft: 1,
    isStopping: false,
  }));
