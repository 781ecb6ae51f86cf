// The shortest list of entries that folds to a state: what a compacted journal holds.

import type { RunEnd } from "../protocol/run-record.ts";
import type { QueuedRun, QueueState } from "./fold.ts";
import { JOURNAL_VERSION, type JournalEntry, type NewEntry } from "./journal-entry.ts";

/** Folding these from nothing gives `state` again. `nowMs` stamps entries whose time nobody asks for. */
export function entriesOf(state: QueueState, nowMs: number): readonly JournalEntry[] {
  const stamp = (entry: NewEntry, atMs = nowMs): JournalEntry => ({
    ...entry,
    version: JOURNAL_VERSION,
    atMs,
  });
  const runs = [...state.runs.values()].flatMap((run) => entriesOfRun(run, stamp));
  const order = state.waiting.map((id) => stamp({ kind: "moved", id, before: null }));
  return [
    ...runs,
    ...order,
    stamp({ kind: "paused", paused: state.paused }),
    stamp({ kind: "numbered", next: state.nextId }),
  ];
}

type Stamp = (entry: NewEntry, atMs?: number) => JournalEntry;

function entriesOfRun({ record, plan, key }: QueuedRun, stamp: Stamp): readonly JournalEntry[] {
  const { id, file, submittedMs, pictures, keptStages, state } = record;
  const painted = pictures.map(({ atMs, ...picture }) =>
    stamp({ kind: "painted", id, ...picture }, atMs),
  );
  const kept = keptStages.map((stage) => stamp({ kind: "stage-kept", id, ...stage }));
  const before = [
    stamp({ kind: "submitted", id, plans: [plan], file, key }, submittedMs),
    ...painted,
    ...kept,
  ];
  const end = (end: RunEnd, endedMs: number): readonly JournalEntry[] => [
    ...before,
    stamp({ kind: "ended", id, end }, endedMs),
  ];
  switch (state.kind) {
    case "queued":
      return before;
    case "running": {
      const started = stamp({ kind: "started", id }, state.startedMs);
      const stopping = state.stopping ? [stamp({ kind: "stopping", id })] : [];
      return [...before, started, ...stopping];
    }
    case "interrupted":
      return [...before, stamp({ kind: "interrupted", id, why: state.why })];
    case "done":
      return end(
        { kind: "done", seconds: state.seconds, peakBytes: state.peakBytes },
        state.endedMs,
      );
    case "failed":
      return end({ kind: "failed", code: state.code, message: state.message }, state.endedMs);
    case "cancelled":
      return end({ kind: "cancelled" }, state.endedMs);
    default:
      return state satisfies never;
  }
}
