// The daemon's events as those of single runs, whatever becomes of the runs and of the engine that paints them.
import { expect, it } from "vitest";
import { queueFollower } from "../../daemon/cli/queue-follower.ts";
import { paintingClock } from "../../daemon/planner/painting-clock.ts";
import type { QueueEvent, Snapshot } from "../../daemon/protocol/queue-event.ts";
import type { RunEvent } from "../../daemon/protocol/run-event.ts";
import type { RunRecord, RunState } from "../../daemon/protocol/run-record.ts";
import { runRecord } from "../extension/runs-view/run-records.ts";

/** A follower of run 1, what it says of it, and how it has ended. */
function follow() {
  const follower = queueFollower({ closed: new Promise(() => {}) });
  follower.follow([1]);
  const clock = paintingClock();
  const told: number[] = [];
  const end = follower.untilEnded(1, ({ atMs, event }) => {
    clock.hear(atMs, event);
    told.push(atMs);
  });
  return {
    clock,
    told,
    end,
    hear: (event: QueueEvent): void => follower.onEvent(event, 1),
    snapshot: (...runs: readonly RunRecord[]): void => follower.onSnapshot(snapshotOf(runs)),
  };
}

const snapshotOf = (runs: readonly RunRecord[]): Snapshot => ({
  place: { epoch: "a", number: 1 },
  paused: false,
  runs: [...runs],
  waiting: [],
});

const changed = (state: RunState): QueueEvent => ({ kind: "changed", run: runRecord(1, state) });
const done: RunState = { kind: "done", endedMs: 1, seconds: null, peakBytes: 7 };
const cancelled = { outcome: { kind: "failed", code: "run.cancelled" } };

it("a run that somebody removes has been cancelled", async () => {
  const { hear, end } = follow();
  hear({ kind: "removed", id: 2 });
  hear({ kind: "removed", id: 1 });
  expect(await end).toMatchObject(cancelled);
});

it("a run that a snapshot no longer has has been cancelled", async () => {
  const { snapshot, end } = follow();
  snapshot(runRecord(2, { kind: "queued" }));
  expect(await end).toMatchObject(cancelled);
});

it("a run that is removed after it was done was done", async () => {
  const { hear, snapshot, end } = follow();
  hear(changed(done));
  hear({ kind: "removed", id: 1 });
  snapshot();
  expect(await end).toMatchObject({ outcome: { kind: "done" }, peakBytes: 7 });
});

it("a run that waits while others are removed goes on waiting", async () => {
  const { hear, snapshot, end } = follow();
  hear({ kind: "removed", id: 2 });
  snapshot(runRecord(1, { kind: "queued" }));
  hear(changed(done));
  expect(await end).toMatchObject({ outcome: { kind: "done" } });
});

it("time goes on from engine to engine, though each counts from its own start", async () => {
  const { hear, clock, told, end } = follow();
  const tell = (atMs: number, kind: "calling" | "called"): void => {
    const event: RunEvent = { kind, part: "denoiser", stage: 0 };
    hear({ kind: "progress", id: 1, atMs, event });
  };
  tell(3_600_000, "calling");
  tell(3_601_000, "called");
  hear(changed({ kind: "interrupted", why: "killed" }));
  tell(400, "calling");
  tell(900, "called");
  hear(changed(done));
  expect(told).toEqual([3_600_000, 3_601_000, 3_601_400, 3_601_900]);
  expect(clock.seconds).toBe(1.9);
  expect(await end).toMatchObject({ atMs: 3_601_900 });
});
