// What the queue and whoever holds the engine say to each other about one attempt at a run. It stays in their process.
import type { Preview } from "./preview.ts";
import type { RunEvent } from "./run-event.ts";
import type { RunEnd } from "./run-record.ts";

/** How an attempt ended: for good, or by the death of the engine, which says nothing about the run. */
export type Attempt =
  | { readonly kind: "ended"; readonly end: RunEnd }
  | { readonly kind: "died"; readonly why: string };

/** Absolute paths of what an attempt goes on from and leaves behind. */
export interface RunPlaces {
  /** The file that the run's state is kept in. */
  readonly checkpoint: string;
  /** The folder of what is kept of its stages. */
  readonly trace: string;
}

export interface RunListener {
  onEvent(atMs: number, event: RunEvent): void;
  onPreview(preview: Preview): void;
}
