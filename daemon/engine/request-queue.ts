// Messages as they come → requests done one after the other. Cancel overtakes: it means all that came before it.
import { type EngineRequest, engineRequestSchema } from "../protocol/engine-message.ts";

/** A request that takes time. */
export type Work = Exclude<EngineRequest, { kind: "cancel" }>;

export interface RequestQueue {
  /** False for a message that is no request; nothing happens then. */
  add(message: unknown): boolean;
  /** Cancels what runs, drops what waits; resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** `answer` never rejects. */
export function requestQueue(
  answer: (request: Work, isCancelled: () => boolean) => Promise<void>,
): RequestQueue {
  let last = Promise.resolve();
  let stopped = false;
  /** Requests so far, and how many of them are cancelled. */
  let asked = 0;
  let cancelled = 0;
  const start = async (request: Work, number: number): Promise<void> => {
    if (!stopped) await answer(request, () => number <= cancelled);
  };
  return {
    add: (message) => {
      const { data: request } = engineRequestSchema.safeParse(message);
      if (request === undefined) return false;
      if (request.kind === "cancel") {
        cancelled = asked;
        return true;
      }
      asked += 1;
      const number = asked;
      last = last.then(() => start(request, number));
      return true;
    },
    stop: () => {
      cancelled = asked;
      stopped = true;
      return last;
    },
  };
}
