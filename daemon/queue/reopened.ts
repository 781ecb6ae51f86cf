// A queue's state as it is when its journal is opened again: nothing is being painted, and the oldest ends are forgotten.
import { foldEntry, type QueueState } from "./fold.ts";
import { JOURNAL_VERSION, type NewEntry } from "./journal-entry.ts";

const mostEnded = 1000;

/** What was being painted when the process before this one ended. */
export function interruptPainted(state: QueueState, nowMs: number): QueueState {
  return [...state.runs.values()].reverse().reduce((before, { record: { id, state } }) => {
    if (state.kind !== "running") return before;
    const why = "the daemon ended while it was painted";
    const entry: NewEntry = state.stopping
      ? { kind: "ended", id, end: { kind: "cancelled" } }
      : { kind: "interrupted", id, why };
    return foldEntry(before, { ...entry, version: JOURNAL_VERSION, atMs: nowMs });
  }, state);
}

/** Of runs that have ended only the newest are kept. */
export function forgetOldest(state: QueueState): QueueState {
  const ended = [...state.runs.values()].filter(
    ({ record }) => record.state.kind !== "queued" && record.state.kind !== "interrupted",
  );
  const runs = new Map(state.runs);
  for (const { record } of ended.slice(0, -mostEnded)) runs.delete(record.id);
  return { ...state, runs };
}
