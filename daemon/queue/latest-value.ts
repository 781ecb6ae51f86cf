// A value of which only the latest counts, for those who listen now. Whoever is slow misses some, and that is right.

export interface LatestValue<T> {
  set(value: T): void;
  /** There is none until the next one. */
  forget(): void;
  /** Called with each value from now on, and with the latest one at once where there is one. Returns how to end that. */
  listen(listener: (value: T) => void): () => void;
}

export function latestValue<T>(): LatestValue<T> {
  let latest: T | undefined;
  const listeners = new Set<(value: T) => void>();
  return {
    set: (value) => {
      latest = value;
      for (const listener of listeners) listener(value);
    },
    forget: () => {
      latest = undefined;
    },
    listen: (listener) => {
      if (latest !== undefined) listener(latest);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
