// Journal entries → the queue's state. Pure: the live queue is this fold of its journal and nothing besides.
// An entry about a run that is not there changes nothing.
import type { KeptStage } from "../protocol/kept-stage.ts";
import type { RunEnd, RunRecord, RunState } from "../protocol/run-record.ts";
import { describePlan } from "./describe-plan.ts";
import type { JournalEntry } from "./journal-entry.ts";

export interface QueuedRun {
  readonly record: RunRecord;
  /** As it was submitted. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly key: string | null;
}

export interface QueueState {
  /** The next run's number. */
  readonly nextId: number;
  readonly paused: boolean;
  /** By number, in the order that they were submitted in. */
  readonly runs: ReadonlyMap<number, QueuedRun>;
  /** Runs that wait, first comes first. */
  readonly waiting: readonly number[];
}

export const emptyQueue: QueueState = { nextId: 1, paused: false, runs: new Map(), waiting: [] };

export function foldEntry(state: QueueState, entry: JournalEntry): QueueState {
  switch (entry.kind) {
    case "submitted":
      return submit(state, entry);
    case "paused":
      return { ...state, paused: entry.paused };
    case "numbered":
      return { ...state, nextId: Math.max(state.nextId, entry.next) };
    case "removed":
      return remove(state, entry.id);
    case "moved":
      return move(state, entry.id, entry.before);
    case "started":
    case "painted":
    case "stage-kept":
    case "stages-dropped":
    case "interrupted":
    case "stopping":
    case "ended":
    case "retried":
      return changeRun(state, entry);
    default:
      return entry satisfies never;
  }
}

type Entry<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { kind: Kind }>;

/** A run whose number is taken changes nothing. */
function submit(state: QueueState, entry: Entry<"submitted">): QueueState {
  const runs = new Map(state.runs);
  const waiting = [...state.waiting];
  let { nextId } = state;
  for (const [index, plan] of entry.plans.entries()) {
    const id = entry.id + index;
    if (runs.has(id)) continue;
    runs.set(id, queuedRun(id, plan, entry));
    waiting.push(id);
    nextId = Math.max(nextId, id + 1);
  }
  return { ...state, nextId, runs, waiting };
}

function queuedRun(
  id: number,
  plan: QueuedRun["plan"],
  { key, file, atMs }: Entry<"submitted">,
): QueuedRun {
  const record: RunRecord = {
    id,
    ...describePlan(plan),
    file,
    submittedMs: atMs,
    state: { kind: "queued" },
    pictures: [],
    keptStages: [],
  };
  return { record, plan, key };
}

function remove(state: QueueState, id: number): QueueState {
  if (!state.runs.has(id)) return state;
  const runs = new Map(state.runs);
  runs.delete(id);
  return { ...state, runs, waiting: without(state.waiting, id) };
}

function move(state: QueueState, id: number, before: number | null): QueueState {
  if (!state.waiting.includes(id) || id === before) return state;
  const rest = without(state.waiting, id);
  if (before === null) return { ...state, waiting: [...rest, id] };
  // Nobody knows any more where one stood that has been cancelled or removed since it was chosen.
  const { kind } = state.runs.get(before)?.record.state ?? { kind: "cancelled" };
  if (kind === "cancelled") return state;
  // One that has begun since then was in front of all.
  return { ...state, waiting: rest.toSpliced(Math.max(0, rest.indexOf(before)), 0, id) };
}

type RunEntry = Entry<
  | "started"
  | "painted"
  | "stage-kept"
  | "stages-dropped"
  | "interrupted"
  | "stopping"
  | "ended"
  | "retried"
>;

function changeRun(state: QueueState, entry: RunEntry): QueueState {
  const run = state.runs.get(entry.id);
  // Asked for before something else had happened, written after it: too late.
  if (run === undefined || !isTimely(entry.kind, run.record.state.kind)) return state;
  const record = changeRecord(run.record, entry);
  return {
    ...state,
    runs: new Map(state.runs).set(entry.id, { ...run, record }),
    waiting: waitingAfter(state.waiting, entry),
  };
}

/** Whether this can happen to a run in that state. */
function isTimely(kind: RunEntry["kind"], state: RunState["kind"]): boolean {
  const hasEnded = state === "done" || state === "failed" || state === "cancelled";
  switch (kind) {
    case "started":
      return state === "queued" || state === "interrupted";
    case "interrupted":
    case "ended":
      return !hasEnded;
    case "stopping":
      return state === "running";
    case "retried":
      return state === "failed" || state === "cancelled";
    case "painted":
    case "stage-kept":
    case "stages-dropped":
      return true;
    default:
      return kind satisfies never;
  }
}

function changeRecord(record: RunRecord, entry: RunEntry): RunRecord {
  switch (entry.kind) {
    case "started": {
      const state: RunState = {
        kind: "running",
        startedMs: entry.atMs,
        progress: null,
        stopping: false,
      };
      return { ...record, state };
    }
    case "painted":
      return { ...record, pictures: withPicture(record.pictures, entry) };
    case "stage-kept":
      return { ...record, keptStages: withStage(record.keptStages, entry) };
    case "stages-dropped":
      return { ...record, keptStages: [] };
    case "interrupted":
      return { ...record, state: { kind: "interrupted", why: entry.why } };
    case "stopping":
      if (record.state.kind !== "running") return record;
      return { ...record, state: { ...record.state, stopping: true } };
    case "ended":
      return { ...record, state: stateOf(entry.end, entry.atMs) };
    case "retried":
      return { ...record, state: { kind: "queued" } };
    default:
      return entry satisfies never;
  }
}

/** A picture that is painted again takes its own place. */
function withPicture(known: Pictures, { prompt, image, path, atMs }: Entry<"painted">): Pictures {
  const at = known.findIndex((one) => one.prompt === prompt && one.image === image);
  return known.toSpliced(at < 0 ? known.length : at, 1, { prompt, image, path, atMs });
}

type Pictures = RunRecord["pictures"];

/** A stage that is kept again takes its own place. */
function withStage(kept: RunRecord["keptStages"], entry: Entry<"stage-kept">): KeptStage[] {
  const { prompt, stage, pictures, maps } = entry;
  const at = kept.findIndex((one) => one.prompt === prompt && one.stage === stage);
  return kept.toSpliced(at < 0 ? kept.length : at, 1, { prompt, stage, pictures, maps });
}

function stateOf(end: RunEnd, endedMs: number): RunState {
  return { ...end, endedMs };
}

function waitingAfter(waiting: readonly number[], { kind, id }: RunEntry): readonly number[] {
  switch (kind) {
    case "started":
    case "ended":
      return without(waiting, id);
    // What was begun is ended first.
    case "interrupted":
      return [id, ...without(waiting, id)];
    case "retried":
      return [...without(waiting, id), id];
    case "painted":
    case "stage-kept":
    case "stages-dropped":
    case "stopping":
      return waiting;
    default:
      return kind satisfies never;
  }
}

/** The same list where it does not hold `id`. */
const without = (ids: readonly number[], id: number): readonly number[] =>
  ids.includes(id) ? ids.filter((each) => each !== id) : ids;
