// The queue: what is asked of it becomes journal entries, entries become state and events, and the first run that
// waits is painted. One run at a time, for each takes the whole machine.
import { join } from "node:path";
import { type Failure, noSuchRun, programDefect, queueRefused } from "../base/failure.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunPreview } from "../protocol/preview.ts";
import type { Snapshot } from "../protocol/queue-event.ts";
import type { Attempt } from "../protocol/run-attempt.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import type { Progress, RunEnd, RunRecord } from "../protocol/run-record.ts";
import type { EngineHost } from "./engine-host.ts";
import { type EventLog, eventLog } from "./event-log.ts";
import { emptyQueue, foldEntry, type QueuedRun, type QueueState } from "./fold.ts";
import { Journal, readJournal } from "./journal.ts";
import { entriesOf } from "./journal-entries.ts";
import { JOURNAL_VERSION, type JournalEntry, type NewEntry } from "./journal-entry.ts";
import { type JournalWriter, journalWriter } from "./journal-writer.ts";
import { type LatestValue, latestValue } from "./latest-value.ts";
import { forgetOldest, interruptPainted } from "./reopened.ts";
import { type RunFiles, runFiles } from "./run-files.ts";

export interface QueueSurroundings {
  /** Absolute; holds the journal, the checkpoints and the traces. */
  readonly folder: string;
  /** Another one each time. */
  readonly epoch: string;
  readonly host: EngineHost;
  nowMs(): number;
  /** A line for the daemon's log; holds no prompt. */
  log(line: string): void;
}

/** Runs as somebody submits them, all or none. `file` is the recipe's. */
export interface Submission {
  readonly plans: readonly Plan[];
  readonly file: string | null;
}

/** A run whose engine dies this often without coming further is not begun again. */
const mostDeaths = 3;

/** Bytes below which a journal is never rewritten while the queue is at work. */
const leastCompacted = 2 ** 20;

export class RunQueue {
  readonly events: EventLog;
  /** What the run that is painted looks like by now. */
  readonly previews: LatestValue<RunPreview> = latestValue();
  readonly #around: QueueSurroundings;
  readonly #journal: Journal;
  readonly #writer: JournalWriter;
  readonly #files: RunFiles;
  #state: QueueState;
  #progress: { readonly id: number; readonly at: Progress } | undefined;
  #active: Active | undefined;
  /** Resolves when nothing is painted, until the next run begins. */
  #painting = Promise.resolve();
  /** Of runs whose engines died: how often since one came further, and how many steps that was. */
  readonly #deaths = new Map<number, { readonly count: number; readonly furthest: number }>();
  #closing = false;
  #compactedBytes: number;

  private constructor(around: QueueSurroundings, journal: Journal, state: QueueState) {
    this.#around = around;
    this.#journal = journal;
    this.#state = state;
    this.#compactedBytes = journal.bytes;
    this.#files = runFiles(around.folder);
    this.events = eventLog(around.epoch);
    this.#writer = journalWriter(
      journal,
      (entry) => this.#apply(entry),
      () => this.#compact(),
    );
  }

  /** Reads the journal, makes it short, and starts what waits. Throws `outputFailed`. */
  static async open(around: QueueSurroundings): Promise<RunQueue> {
    const path = join(around.folder, "journal.jsonl");
    const { entries, strange } = await readJournal(path);
    if (strange.length > 0)
      around.log(`journal: ${strange.length} lines were no entries and are in ${path}.strange`);
    const folded = entries.reduce(foldEntry, emptyQueue);
    const state = forgetOldest(interruptPainted(folded, around.nowMs()));
    const journal = await Journal.open(path, entriesOf(state, around.nowMs()));
    const queue = new RunQueue(around, journal, state);
    await queue.#files.sweep([...state.runs.values()].map(({ record }) => record));
    await queue.#trim();
    // What was being stopped is not begun again, so nobody else would.
    for (const { record, plan } of folded.runs.values())
      if (record.state.kind === "running" && record.state.stopping) await around.host.sweep(plan);
    queue.#pump();
    return queue;
  }

  snapshot(): Snapshot {
    return {
      place: this.events.place,
      paused: this.#state.paused,
      runs: [...this.#state.runs.values()].map((run) => this.#show(run)),
      waiting: [...this.#state.waiting],
    };
  }

  /** Throws `noSuchRun`. */
  get(id: number): { readonly run: RunRecord; readonly plan: QueuedRun["plan"] } {
    const run = this.#find(id);
    return { run: this.#show(run), plan: run.plan };
  }

  /** Whether it has nothing to do and waits for nothing. */
  get isIdle(): boolean {
    const hasWork = this.#state.waiting.length > 0 && !this.#state.paused;
    return this.#active === undefined && !hasWork;
  }

  /**
   * Their numbers, once the disk has them. The same `key` again gives the numbers of the first time. Throws
   * `outputFailed`.
   */
  async submit(submission: Submission, key: string | null): Promise<readonly number[]> {
    const known = this.#ofKey(key);
    if (known.length > 0) return known;
    const asked = key === null ? undefined : this.#submitting.get(key);
    if (asked !== undefined) return asked;
    const ids = this.#add(submission, key);
    if (key === null) return ids;
    this.#submitting.set(key, ids);
    return ids.finally(() => this.#submitting.delete(key));
  }

  /** Submits whose answer is still to come, by key. */
  readonly #submitting = new Map<string, Promise<readonly number[]>>();

  async #add({ plans: given, file }: Submission, key: string | null): Promise<readonly number[]> {
    const id = this.#reserve(given.length);
    const plans = given.map((plan) => ({ ...plan }));
    await this.#writer.write([this.#stamp({ kind: "submitted", id, plans, file, key })], true);
    this.#pump();
    return plans.map((_, index) => id + index);
  }

  /** A run that waits ends at once; one that is painted ends after its step, and at once when asked again. */
  async cancel(id: number): Promise<void> {
    const { kind } = this.#find(id).record.state;
    const active = this.#paintingOf(id);
    if (active !== undefined) return this.#stop(id, active);
    if (kind !== "queued" && kind !== "interrupted") return;
    await this.#record({ kind: "ended", id, end: { kind: "cancelled" } });
  }

  /** Undefined also where its end is on its way into the journal. */
  #paintingOf(id: number): Active | undefined {
    return this.#active?.id === id && !this.#active.isOver ? this.#active : undefined;
  }

  async #stop(id: number, active: { cancels: number }): Promise<void> {
    active.cancels += 1;
    if (active.cancels > 1) return this.#around.host.kill();
    this.#around.host.cancel();
    await this.#record({ kind: "stopping", id });
  }

  /** While it is paused no run begins; the one that is painted goes on. */
  async pause(paused: boolean): Promise<void> {
    await this.#record({ kind: "paused", paused });
    this.#pump();
  }

  /**
   * In front of the run `before`, or behind all. Throws `noSuchRun`, also for a `before` that there never was, and
   * `queueRefused` for one that does not wait.
   */
  async move(id: number, before: number | null): Promise<void> {
    const { record } = this.#find(id);
    if (!this.#state.waiting.includes(id))
      throw queueRefused(id, "must wait to get another place", record.state.kind);
    // One that was removed meanwhile is no mistake of whoever asks.
    if (before !== null && before >= this.#state.nextId) throw noSuchRun(before);
    await this.#record({ kind: "moved", id, before });
  }

  /** Throws `noSuchRun`, and `queueRefused` for a run that has not ended. */
  async retry(id: number): Promise<void> {
    const { state } = this.#find(id).record;
    if (state.kind !== "failed" && state.kind !== "cancelled")
      throw queueRefused(id, "must have failed or been cancelled to be tried again", state.kind);
    this.#deaths.delete(id);
    await this.#record({ kind: "retried", id });
    this.#pump();
  }

  /** Forgets the run; its pictures stay. Throws `noSuchRun`, and `queueRefused` for one that is being painted. */
  async remove(id: number): Promise<void> {
    const { state } = this.#find(id).record;
    if (this.#paintingOf(id) !== undefined)
      throw queueRefused(
        id,
        "must not be painted while it is removed; cancel it first",
        state.kind,
      );
    await this.#record({ kind: "removed", id });
    await this.#files.drop(id);
  }

  /** Nothing starts any more; the run that is painted is left where it is, to go on another time. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#around.host.kill();
    await this.#painting;
    await this.#writer.idle();
    await this.#journal.close();
  }

  #show({ record }: QueuedRun): RunRecord {
    const progress = this.#progress?.id === record.id ? this.#progress.at : null;
    if (record.state.kind !== "running") return record;
    return { ...record, state: { ...record.state, progress } };
  }

  #find(id: number): QueuedRun {
    const run = this.#state.runs.get(id);
    if (run === undefined) throw noSuchRun(id);
    return run;
  }

  #ofKey(key: string | null): readonly number[] {
    if (key === null) return [];
    return [...this.#state.runs].filter(([, run]) => run.key === key).map(([id]) => id);
  }

  #reserved = 0;

  /** The first of as many numbers that nobody has. */
  #reserve(count: number): number {
    const first = Math.max(this.#state.nextId, this.#reserved);
    this.#reserved = first + count;
    return first;
  }

  #stamp(entry: NewEntry): JournalEntry {
    return { ...entry, version: JOURNAL_VERSION, atMs: this.#around.nowMs() };
  }

  #record(entry: NewEntry): Promise<void> {
    return this.#writer.write([this.#stamp(entry)], false);
  }

  #apply(entry: JournalEntry): void {
    const before = this.#state;
    this.#state = foldEntry(before, entry);
    if (entry.kind === "paused") this.events.add({ kind: "paused", paused: entry.paused });
    else if (entry.kind === "removed") this.events.add({ kind: "removed", id: entry.id });
    else if (entry.kind === "submitted")
      for (const index of entry.plans.keys()) this.#tell("added", entry.id + index);
    else if (entry.kind !== "moved" && entry.kind !== "numbered") this.#tell("changed", entry.id);
    if (before.waiting !== this.#state.waiting && entry.kind !== "submitted")
      this.events.add({ kind: "ordered", ids: [...this.#state.waiting] });
  }

  #tell(kind: "added" | "changed", id: number): void {
    const run = this.#state.runs.get(id);
    if (run !== undefined) this.events.add({ kind, run: this.#show(run) });
  }

  /** Starts the first run that waits, unless one is being painted. */
  #pump(): void {
    const [id] = this.#state.waiting;
    if (id === undefined || this.#active || this.#state.paused || this.#closing) return;
    const active = { id, cancels: 0, furthest: 0, isOver: false };
    this.#active = active;
    this.#painting = this.#paint(id, active)
      // Nothing is expected to be thrown; a run must not stand still for it.
      .catch((error: Error) => this.#end(id, defectOf(error, this.#around.log)))
      .finally(() => {
        this.#active = undefined;
        this.#progress = undefined;
        this.previews.forget();
        this.#pump();
      });
  }

  async #paint(id: number, active: Active): Promise<void> {
    await this.#record({ kind: "started", id });
    const run = this.#state.runs.get(id);
    // Cancelled or removed in the moment before.
    if (run?.record.state.kind !== "running" || this.#closing) return;
    const { plan } = run;
    if (active.cancels > 0) return this.#end(id, { kind: "cancelled" });
    const attempt = await this.#around.host.run(plan, this.#files.places(id), {
      onEvent: (atMs, event) => this.#hear(active, atMs, event),
      onPreview: (preview) => this.previews.set({ id, ...preview }),
    });
    if (this.#closing) return;
    if (active.cancels > 0 && !isDone(attempt)) return this.#end(id, { kind: "cancelled" });
    if (attempt.kind === "ended") return this.#end(id, attempt.end);
    const deaths = this.#countDeath(active);
    this.#around.log(`queue: run ${id}, its engine died, ${attempt.why}`);
    if (deaths < mostDeaths) return this.#interrupt(active, attempt.why);
    return this.#end(id, { kind: "failed", code: "engine.crashed", message: attempt.why });
  }

  async #interrupt(active: Active, why: string): Promise<void> {
    const { id } = active;
    await this.#record({ kind: "interrupted", id, why });
    if (active.cancels > 0) await this.#end(id, { kind: "cancelled" });
  }

  /** Deaths of the run's engines since one of them came further than those before, this one included. */
  #countDeath({ id, furthest }: Active): number {
    const before = this.#deaths.get(id) ?? { count: 0, furthest: 0 };
    const count = furthest > before.furthest ? 1 : before.count + 1;
    this.#deaths.set(id, { count, furthest: Math.max(furthest, before.furthest) });
    return count;
  }

  async #end(id: number, end: RunEnd): Promise<void> {
    if (this.#active?.id === id) this.#active.isOver = true;
    await this.#record({ kind: "ended", id, end });
    // What failed goes on from there when it is tried again.
    if (end.kind !== "failed") await this.#files.dropCheckpoint(id);
    await this.#trim();
  }

  #hear(active: Active, atMs: number, event: RunEvent): void {
    const { id } = active;
    if (event.kind === "step") {
      const { prompt, stage, step, steps, done, total } = event;
      this.#progress = { id, at: { prompt, stage, step, steps, done, total } };
      active.furthest = Math.max(active.furthest, done);
    }
    if (event.kind === "picture") {
      const { prompt, image, path, again } = event;
      // What an earlier process has told keeps its time; it may have died before it could tell.
      if (!again || !this.#hasPainted(id, event))
        void this.#record({ kind: "painted", id, prompt, image, path });
    }
    if (event.kind === "stage-kept") {
      const { prompt, stage, pictures, maps } = event;
      void this.#record({ kind: "stage-kept", id, prompt, stage, pictures, maps });
    }
    this.events.add({ kind: "progress", id, atMs, event });
  }

  #hasPainted(id: number, { prompt, image }: { readonly prompt: number; readonly image: number }) {
    const pictures = this.#state.runs.get(id)?.record.pictures ?? [];
    return pictures.some((one) => one.prompt === prompt && one.image === image);
  }

  /** Forgets what was kept of the stages of runs that newer ones leave no room for. */
  async #trim(): Promise<void> {
    const runs = [...this.#state.runs.values()].map(({ record }) => record);
    for (const id of await this.#files.trimTraces(runs))
      await this.#record({ kind: "stages-dropped", id });
  }

  /** A journal that has grown to several times what it says is written anew. */
  async #compact(): Promise<void> {
    if (this.#journal.bytes < Math.max(leastCompacted, 4 * this.#compactedBytes)) return;
    try {
      await this.#journal.replace(entriesOf(this.#state, this.#around.nowMs()));
      this.#compactedBytes = this.#journal.bytes;
    } catch (error) {
      this.#around.log(`queue: its journal stays long, ${(error as Failure).message}`);
    }
  }
}

/** The run that is painted. */
interface Active {
  readonly id: number;
  cancels: number;
  /** Its end is known, and may still be on its way into the journal. */
  isOver: boolean;
  /** Steps that are done of the whole run. */
  furthest: number;
}

function defectOf(error: Error, log: (line: string) => void): RunEnd {
  log(`defect: ${error.stack ?? error.message}`);
  const { code, message } = programDefect(error.message);
  return { kind: "failed", code, message };
}

const isDone = (attempt: Attempt): boolean =>
  attempt.kind === "ended" && attempt.end.kind === "done";
