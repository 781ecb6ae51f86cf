// The daemon's events as those of single runs: what happens inside one, and how it ends.

import { daemonUnreachable } from "../base/failure.ts";
import type { Daemon, QueueListener } from "../client/connect-daemon.ts";
import type { Outcome } from "../protocol/engine-message.ts";
import type { RunRecord } from "../protocol/run-record.ts";
import type { EngineEnd, EngineEvent } from "../supervisor/start-engine.ts";

type End = Omit<EngineEnd, "atMs">;
type Picture = Omit<RunRecord["pictures"][number], "atMs">;

export interface QueueFollower extends QueueListener {
  /** From now on events of these runs are kept until somebody listens. */
  follow(ids: readonly number[]): void;
  /** Rejects with `daemonUnreachable` when the connection ends before the run. */
  untilEnded(id: number, onEvent: (event: EngineEvent) => void): Promise<EngineEnd>;
}

export function queueFollower(daemon: Pick<Daemon, "closed">): QueueFollower {
  const ended = new Map<number, End>();
  const waiting = new Map<number, (end: End) => void>();
  const kept = new Map<number, EngineEvent[]>();
  const listeners = new Map<number, (event: EngineEvent) => void>();
  /** Pictures that were told, by run: of a run that goes on after a crash they come again, of events that were missed never. */
  const told = new Map<number, Set<string>>();
  /** Of the last event, as it was told. */
  let lastMs = 0;
  let addedMs = 0;
  /** An engine's time begins with its process: that of another one, which has taken over, goes on from the last event. */
  const inOrder = (atMs: number): number => {
    if (addedMs + atMs < lastMs) addedMs = lastMs;
    lastMs = addedMs + atMs;
    return lastMs;
  };
  const tellPicture = (id: number, picture: Picture): void => {
    const before = told.get(id) ?? new Set();
    const { prompt, image, path } = picture;
    if (before.has(`${prompt} ${image}`)) return;
    told.set(id, before.add(`${prompt} ${image}`));
    const event = { kind: "picture", prompt, image, path, again: false } as const;
    tell(id, { kind: "event", atMs: lastMs, event });
  };
  const hear = (run: RunRecord): void => {
    for (const picture of run.pictures) tellPicture(run.id, picture);
    const end = endOf(run.state);
    if (end !== undefined) settle(run.id, end);
  };
  const settle = (id: number, end: End): void => {
    if (ended.has(id)) return;
    ended.set(id, end);
    waiting.get(id)?.(end);
  };
  /** What somebody has removed will never be painted. */
  const forget = (id: number): void => settle(id, cancelled);
  const tell = (id: number, event: EngineEvent): void => {
    const listener = listeners.get(id);
    if (listener === undefined) kept.get(id)?.push(event);
    else listener(event);
  };
  const lost = daemon.closed.then((): never => {
    throw daemonUnreachable("an end of the connection; what was submitted goes on with the daemon");
  });
  lost.catch(() => {});
  return {
    onSnapshot: ({ runs }) => {
      for (const run of runs) hear(run);
      const there = new Set(runs.map(({ id }) => id));
      for (const id of [...kept.keys(), ...listeners.keys()]) if (!there.has(id)) forget(id);
    },
    onEvent: (event) => {
      if (event.kind === "changed") hear(event.run);
      if (event.kind === "removed") forget(event.id);
      if (event.kind !== "progress") return;
      const atMs = inOrder(event.atMs);
      if (event.event.kind === "picture") tellPicture(event.id, event.event);
      else tell(event.id, { kind: "event", atMs, event: event.event });
    },
    follow: (ids) => {
      for (const id of ids) kept.set(id, []);
    },
    untilEnded: async (id, onEvent) => {
      for (const event of kept.get(id) ?? []) onEvent(event);
      kept.delete(id);
      listeners.set(id, onEvent);
      const end = new Promise<End>((resolve) => waiting.set(id, resolve));
      const known = ended.get(id) ?? (await Promise.race([end, lost]));
      listeners.delete(id);
      return { ...known, atMs: lastMs };
    },
  };
}

const endWith = (outcome: Outcome, peakBytes = 0): End => ({ kind: "ended", peakBytes, outcome });

const cancelled = endWith({
  kind: "failed",
  code: "run.cancelled",
  message: "run: stopped as asked; pictures already written are kept",
});

/** Undefined for a run that has not ended. */
function endOf(state: RunRecord["state"]): End | undefined {
  switch (state.kind) {
    case "queued":
    case "running":
    case "interrupted":
      return undefined;
    case "done":
      return endWith({ kind: "done" }, state.peakBytes);
    case "failed":
      return endWith({ kind: "failed", code: state.code, message: state.message });
    case "cancelled":
      return cancelled;
    default:
      return state satisfies never;
  }
}
