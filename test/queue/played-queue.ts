// The live queue with an engine that a test plays.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Attempt } from "../../daemon/protocol/run-attempt.ts";
import type { RunEvent } from "../../daemon/protocol/run-event.ts";
import type { EngineHost } from "../../daemon/queue/engine-host.ts";
import { emptyQueue, foldEntry } from "../../daemon/queue/fold.ts";
import { parseJournal } from "../../daemon/queue/journal.ts";
import { RunQueue, type Submission } from "../../daemon/queue/run-queue.ts";

const parent = mkdtempSync(join(tmpdir(), "frecas-queue-"));
const queues: RunQueue[] = [];
afterAll(async () => {
  for (const queue of queues) await queue.close();
  rmSync(parent, { recursive: true });
});

export const done: Attempt = { kind: "ended", end: { kind: "done", seconds: 1, peakBytes: 2 } };
export const died: Attempt = { kind: "died", why: "a power cut" };
export const full: Attempt = {
  kind: "ended",
  end: { kind: "failed", code: "output.failed", message: "a full disk" },
};

/** An engine whose runs end when the test says how. */
function playedHost() {
  const begun: string[] = [];
  const asked: string[] = [];
  let finish: ((attempt: Attempt) => void) | undefined;
  let fail: ((error: Error) => void) | undefined;
  let tell: ((event: RunEvent) => void) | undefined;
  const host: EngineHost = {
    run: (plan, _, { onEvent }) => {
      begun.push(String(plan["name"]));
      tell = (event) => onEvent(1, event);
      return new Promise((resolve, reject) => {
        finish = resolve;
        fail = reject;
      });
    },
    sweep: async (plan) => void asked.push(`sweep ${plan["name"]}`),
    cancel: () => asked.push("cancel"),
    kill: () => {
      asked.push("kill");
      finish?.(died);
    },
  };
  return {
    host,
    begun,
    asked,
    throw: (error: Error) => fail?.(error),
    end: (attempt: Attempt) => finish?.(attempt),
    tell: (event: RunEvent) => tell?.(event),
  };
}

/** Plans of these names, as somebody submits them. */
export const plansOf = (...names: readonly string[]): Submission => ({
  plans: names.map((name) => ({ name }) as unknown as Plan),
  file: null,
});

/** How far a run is after so many of nine steps. */
export const stepAt = (done: number) => ({
  prompt: 0,
  stage: 0,
  step: done,
  steps: 9,
  done,
  total: 9,
});

let folders = 0;

export interface Opened extends ReturnType<typeof playedHost> {
  readonly queue: RunQueue;
  readonly folder: string;
  readonly words: string[];
  /** The numbers of runs and their states. */
  states(): string;
}

export async function open(
  folder = join(parent, `${++folders}`),
  nowMs = (): number => 7,
): Promise<Opened> {
  const played = playedHost();
  const words: string[] = [];
  const queue = await RunQueue.open({
    folder,
    epoch: `${Math.random()}`,
    host: played.host,
    nowMs,
    log: (line) => words.push(line),
  });
  queues.push(queue);
  const states = (): string =>
    queue
      .snapshot()
      .runs.map(({ id, state }) => `${id} ${state.kind}`)
      .join(", ");
  return { ...played, queue, folder, words, states };
}

export const settled = (opened: Opened, states: string): Promise<void> =>
  expect.poll(opened.states).toBe(states);

/** The journal on disk adds up to what the queue says of itself. */
export function expectSame({ queue, folder }: Opened): void {
  const { entries } = parseJournal(readFileSync(join(folder, "journal.jsonl"), "utf8"));
  const { runs, waiting } = entries.reduce(foldEntry, emptyQueue);
  const snapshot = queue.snapshot();
  expect([...runs.values()].map(({ record }) => record)).toEqual(
    snapshot.runs.map((run) =>
      run.state.kind === "running" ? { ...run, state: { ...run.state, progress: null } } : run,
    ),
  );
  expect(waiting).toEqual(snapshot.waiting);
}
