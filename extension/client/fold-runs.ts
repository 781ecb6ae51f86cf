// A snapshot and the events after it → the runs as they are. Holds them by number, so that an event costs the same
// however many runs there are.
import type { QueueEvent, Snapshot } from "../../daemon/protocol/queue-event.ts";
import type { RunEvent } from "../../daemon/protocol/run-event.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";

/** The queue as a client knows it. */
export interface KnownRuns {
  readonly paused: boolean;
  /** In the order that they were submitted in. */
  readonly runs: readonly RunRecord[];
  /** Runs that wait, first comes first. */
  readonly waiting: readonly number[];
}

export interface RunFold {
  /** The same object until something has changed. */
  known(): KnownRuns;
  start(snapshot: Omit<Snapshot, "place">): void;
  apply(event: QueueEvent): void;
}

export function foldRuns(): RunFold {
  const runs = new Map<number, RunRecord>();
  let paused = false;
  let waiting: readonly number[] = [];
  let shown: KnownRuns | undefined;
  return {
    known: () => {
      shown ??= { paused, runs: [...runs.values()], waiting };
      return shown;
    },
    start: (snapshot) => {
      shown = undefined;
      runs.clear();
      for (const run of snapshot.runs) runs.set(run.id, run);
      ({ paused, waiting } = snapshot);
    },
    apply: (event) => {
      shown = undefined;
      switch (event.kind) {
        case "added":
          runs.set(event.run.id, event.run);
          waiting = [...waiting, event.run.id];
          return;
        case "changed":
          runs.set(event.run.id, event.run);
          return;
        case "removed":
          runs.delete(event.id);
          return;
        case "ordered":
          waiting = event.ids;
          return;
        case "paused":
          ({ paused } = event);
          return;
        case "progress": {
          const run = runs.get(event.id);
          if (run !== undefined) runs.set(event.id, advance(run, event.event));
          return;
        }
        default:
          event satisfies never;
      }
    },
  };
}

/** The run after something has happened inside it. What else changes, a `changed` event says. */
function advance(run: RunRecord, event: RunEvent): RunRecord {
  if (event.kind !== "step" || run.state.kind !== "running") return run;
  const { prompt, stage, step, steps, done, total } = event;
  return { ...run, state: { ...run.state, progress: { prompt, stage, step, steps, done, total } } };
}
