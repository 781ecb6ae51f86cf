// Messages as they come → requests done one after the other. Cancel overtakes: it means the present request.
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
  let cancelled = false;
  let stopped = false;
  const start = async (request: Work): Promise<void> => {
    if (stopped) return;
    cancelled = false;
    await answer(request, () => cancelled);
  };
  return {
    add: (message) => {
      const { data: request } = engineRequestSchema.safeParse(message);
      if (request === undefined) return false;
      if (request.kind === "cancel") cancelled = true;
      else last = last.then(() => start(request));
      return true;
    },
    stop: () => {
      cancelled = true;
      stopped = true;
      return last;
    },
  };
}
