// What the queue and whoever holds the engine say to each other about one attempt at a run. It stays in their process.
import type { Preview } from "./preview.ts";
import type { RunEvent } from "./run-event.ts";
import type { RunEnd } from "./run-record.ts";

/** How an attempt ended: for good, or by the death of the engine, which says nothing about the run. */
export type Attempt =
  | { readonly kind: "ended"; readonly end: RunEnd }
  | { readonly kind: "died"; readonly why: string };

export interface RunListener {
  onEvent(atMs: number, event: RunEvent): void;
  onPreview(preview: Preview): void;
}
