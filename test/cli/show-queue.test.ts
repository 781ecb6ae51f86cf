// The queue's table in words.
import { expect, it } from "vitest";
import { showQueue } from "../../daemon/cli/show-queue.ts";
import type { RunState } from "../../daemon/protocol/run-record.ts";
import { runRecord } from "../extension/runs-view/run-records.ts";

function check(state: RunState, expected: string): void {
  const snapshot = { place: { epoch: "a", number: 0 }, paused: false, waiting: [] };
  expect(showQueue({ ...snapshot, runs: [runRecord(1, state)] }, 0)).toEqual([
    `1  dawn  256×128  ${expected}`,
  ]);
}

const done = { kind: "done", endedMs: 1, peakBytes: 1 } as const;

it("a run that was painted in one go says how long it took", () =>
  check({ ...done, seconds: 4.16 }, "done in 4.2 s, no picture"));

it("a run that was interrupted does not call the time of its last attempt its own", () =>
  check({ ...done, seconds: null }, "done in several attempts, no picture"));
