// How long a run paints, as it would with its networks open already: so that the first of several runs is not the slowest.
import type { RunEvent } from "../protocol/run-event.ts";

export interface PaintingClock {
  /** `atMs` counts from any moment. */
  hear(atMs: number, event: RunEvent): void;
  /** From the first network call to the last event, without the time in which networks were opened. */
  readonly seconds: number;
}

export function paintingClock(): PaintingClock {
  let firstCallMs: number | null = null;
  let openingMs: number | null = null;
  let openedMs = 0;
  let lastMs = 0;
  return {
    hear: (atMs, { kind }) => {
      lastMs = atMs;
      if (kind === "calling") firstCallMs ??= atMs;
      if (kind === "opening" && firstCallMs !== null) openingMs = atMs;
      if (kind !== "opened" || openingMs === null) return;
      openedMs += atMs - openingMs;
      openingMs = null;
    },
    get seconds() {
      return (lastMs - (firstCallMs ?? lastMs) - openedMs) / 1000;
    },
  };
}
