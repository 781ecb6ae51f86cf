// The last events, numbered, for clients that come back. Forgets the oldest ones: whoever is behind them gets a
// snapshot instead, so that nobody who is slow or away takes memory.
import type { EventPlace, QueueEvent } from "../protocol/queue-event.ts";

interface NumberedEvent {
  readonly number: number;
  readonly event: QueueEvent;
}

export interface EventLog {
  /** Of the last event. */
  readonly place: EventPlace;
  add(event: QueueEvent): void;
  /** The event after `place`; null where there is none yet, undefined where it is forgotten or was never told here. */
  next(place: EventPlace): NumberedEvent | null | undefined;
  /** Called after each event; returns how to end that. */
  listen(listener: () => void): () => void;
}

/** `epoch` is another one each time the daemon starts. */
export function eventLog(epoch: string, mostEvents = 4096): EventLog {
  let events: NumberedEvent[] = [];
  let last = 0;
  const listeners = new Set<() => void>();
  return {
    get place() {
      return { epoch, number: last };
    },
    add: (event) => {
      last += 1;
      events.push({ number: last, event });
      // Twice as many are kept for a moment, so that forgetting is not done at each event.
      if (events.length > 2 * mostEvents) events = events.slice(-mostEvents);
      for (const listener of listeners) listener();
    },
    next: ({ epoch: when, number }) => {
      if (when !== epoch || number > last) return undefined;
      if (number === last) return null;
      return events[number + 1 - (events[0]?.number ?? 0)];
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
