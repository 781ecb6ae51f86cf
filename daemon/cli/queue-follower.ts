// The daemon's events as those of single runs: what happens inside one, and how it ends.

import { daemonUnreachable } from "../base/failure.ts";
import type { Daemon, QueueListener } from "../client/connect-daemon.ts";
import type { Outcome } from "../protocol/engine-message.ts";
import type { RunRecord } from "../protocol/run-record.ts";
import type { Engine, EngineEvent } from "../supervisor/start-engine.ts";

type End = Awaited<ReturnType<Engine["run"]>>;

export interface QueueFollower extends QueueListener {
  /** From now on events of these runs are kept until somebody listens. */
  follow(ids: readonly number[]): void;
  /** Rejects with `daemonUnreachable` when the connection ends before the run. */
  untilEnded(id: number, onEvent: (event: EngineEvent) => void): Promise<End>;
}

export function queueFollower(daemon: Pick<Daemon, "closed">): QueueFollower {
  const ended = new Map<number, RunRecord>();
  const waiting = new Map<number, () => void>();
  const kept = new Map<number, EngineEvent[]>();
  const listeners = new Map<number, (event: EngineEvent) => void>();
  /** Pictures that were told, by run: of a run that goes on after a crash they come again, of events that were missed never. */
  const told = new Map<number, Set<string>>();
  let lastMs = 0;
  const tellPicture = (id: number, picture: RunRecord["pictures"][number]): void => {
    const before = told.get(id) ?? new Set();
    const { prompt, image } = picture;
    if (before.has(`${prompt} ${image}`)) return;
    told.set(id, before.add(`${prompt} ${image}`));
    tell(id, { kind: "event", atMs: lastMs, event: { kind: "picture", ...picture } });
  };
  const hear = (run: RunRecord): void => {
    for (const picture of run.pictures) tellPicture(run.id, picture);
    if (endOf(run) === undefined) return;
    ended.set(run.id, run);
    waiting.get(run.id)?.();
  };
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
    onSnapshot: ({ runs }) => runs.forEach(hear),
    onEvent: (event) => {
      if (event.kind === "changed") hear(event.run);
      if (event.kind !== "progress") return;
      lastMs = event.atMs;
      if (event.event.kind === "picture") tellPicture(event.id, event.event);
      else tell(event.id, { kind: "event", atMs: event.atMs, event: event.event });
    },
    follow: (ids) => {
      for (const id of ids) kept.set(id, []);
    },
    untilEnded: async (id, onEvent) => {
      for (const event of kept.get(id) ?? []) onEvent(event);
      kept.delete(id);
      listeners.set(id, onEvent);
      const end = new Promise<void>((resolve) => waiting.set(id, resolve));
      if (!ended.has(id)) await Promise.race([end, lost]);
      listeners.delete(id);
      return endOf(ended.get(id) as RunRecord) as End;
    },
  };
}

function endOf({ state }: RunRecord): End | undefined {
  const end = (outcome: Outcome, seconds = 0, peakBytes = 0): End => ({
    kind: "ended",
    atMs: seconds * 1000,
    peakBytes,
    outcome,
  });
  switch (state.kind) {
    case "queued":
    case "running":
    case "interrupted":
      return undefined;
    case "done":
      return end({ kind: "done" }, state.seconds, state.peakBytes);
    case "failed":
      return end({ kind: "failed", code: state.code, message: state.message });
    case "cancelled":
      return end({
        kind: "failed",
        code: "run.cancelled",
        message: "run: stopped as asked; pictures already written are kept",
      });
    default:
      return state satisfies never;
  }
}
