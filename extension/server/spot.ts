// A place in a recipe where something can be written: what the scan of half written text finds.
import type { Path } from "./meaning.ts";

/** A place where something can be written. */
export interface Spot {
  /** "value" stands behind its key and a colon, "entry" begins a mapping's key or a list's item. */
  readonly kind: "value" | "entry";
  /** The value's path, or that of the mapping or list which the entry is of. */
  readonly path: Path;
  /** Where the word under the cursor begins. */
  readonly start: number;
  /** Whether it is inside brackets. */
  readonly isInFlow: boolean;
  /** Keys that stand before it in the same mapping. */
  readonly before: readonly string[];
}
