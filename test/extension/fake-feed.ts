// A feed that knows what it is told, and keeps what it was asked.
import { Failure } from "../../daemon/base/failure.ts";
import type { RunFeed } from "../../extension/client/run-feed.ts";
import type { RunParts } from "../../extension/runs/run-parts.ts";

interface FakeFeed {
  readonly feed: RunFeed;
  /** Each method and what it was asked with. */
  readonly asked: (readonly [string, unknown])[];
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
  const feed = {
    snapshot: () => snapshot,
    preview: () => undefined,
    onChange: () => ({ dispose: () => undefined }),
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
  return { feed: feed as unknown as RunFeed, asked };
}

/** A log that nobody reads. */
export const silentLog = {
  info: () => undefined,
  error: () => undefined,
} as unknown as RunParts["log"];
