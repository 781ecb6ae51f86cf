// What a LoRA adds to the layers of a network: places in its file, and the strength it was trained with.
import type { NamedTensor } from "./stored-tensor.ts";

/** What a LoRA adds to one layer: scale · up(down(x)), times the weight that the run gives it. */
export interface LoraLayer {
  /** [rank, in] or [rank, in, kernel, kernel]. */
  readonly down: NamedTensor;
  /** [out, rank] or [out, rank, 1, 1] in one piece, or in several that belong under each other. */
  readonly up: readonly NamedTensor[];
  /** alpha / rank. */
  readonly scale: number;
}

/** Layers by their paths in a network's weights. */
export type LoraLayers = ReadonlyMap<string, LoraLayer>;
