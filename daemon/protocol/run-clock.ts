// How long a run took, by its events.
import type { RunEvent } from "./run-event.ts";

export interface RunClock {
  /** `atMs` counts from any moment. */
  hear(atMs: number, event: RunEvent): void;
  /** From the first event to the last one. */
  readonly totalMs: number;
  /** Whether its first step was heard: one that goes on from a checkpoint, or is heard in its middle, took longer than that. */
  readonly isWhole: boolean;
}

export function runClock(): RunClock {
  let firstMs: number | null = null;
  let lastMs = 0;
  /** Of the steps that were heard of, the first one's place in the run. */
  let firstStep: number | null = null;
  return {
    hear: (atMs, event) => {
      firstMs ??= atMs;
      lastMs = atMs;
      if (event.kind === "step") firstStep ??= event.done;
    },
    get totalMs() {
      return lastMs - (firstMs ?? lastMs);
    },
    get isWhole() {
      return firstStep === 1;
    },
  };
}
