// A feed that knows what it is told, and keeps what it was asked.
import { Failure } from "../../daemon/base/failure.ts";
import type { FeedChange, RunFeed } from "../../extension/client/run-feed.ts";
import type { RunParts } from "../../extension/runs/run-parts.ts";

interface FakeFeed {
  readonly feed: RunFeed;
  /** Each method and what it was asked with. */
  readonly asked: (readonly [string, unknown])[];
  /** Tells a change after which the runs are these. */
  tell(change: FeedChange, snapshot: ReturnType<RunFeed["snapshot"]>): void;
}

/** `gone` are runs that have ended before the daemon is asked about them; `answers` go by method. */
export function fakeFeed(
  snapshot: ReturnType<RunFeed["snapshot"]>,
  {
    gone = [],
    answers = {},
  }: { readonly gone?: readonly number[]; readonly answers?: Record<string, unknown> } = {},
): FakeFeed {
  const asked: (readonly [string, unknown])[] = [];
  const listeners: ((change: FeedChange) => void)[] = [];
  let known = snapshot;
  const feed = {
    snapshot: () => known,
    preview: () => undefined,
    onChange: (listener: (change: FeedChange) => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
    attach: async () => true,
    restart: async () => void asked.push(["restart", {}]),
    dispose: () => undefined,
    ask: async (method: string, params: { readonly id?: number }) => {
      asked.push([method, params]);
      if (params.id !== undefined && gone.includes(params.id))
        throw new Failure("queue.refused", `run ${params.id}: has ended`);
      return answers[method];
    },
  };
  const tell = (change: FeedChange, next: typeof snapshot): void => {
    known = next;
    for (const listener of listeners) listener(change);
  };
  return { feed: feed as unknown as RunFeed, asked, tell };
}

/** A log that nobody reads. */
export const silentLog = {
  info: () => undefined,
  error: () => undefined,
} as unknown as RunParts["log"];
