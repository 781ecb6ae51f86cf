// What each method decides of a plan beside what all plans have: the part that `method` discriminates.

import type { UNetVariant } from "../config/unet-variant.ts";

/** One of the published methods, or a single stage at the full size. */
export type PlannedMethod =
  | { readonly method: "frecas" | "direct" }
  | { readonly method: "demofusion"; readonly demofusion: PlannedDemofusion }
  | { readonly method: "scalecrafter"; readonly scalecrafter: PlannedScalecrafter };

/** DemoFusion: each stage is a phase, phase s of s times the sides of the first one. Lengths in latent cells. */
export interface PlannedDemofusion {
  /** Exponents of the skip residual, of the weight of the dilated samples, and of their blur. */
  readonly cosineScales: readonly [number, number, number];
  /** Standard deviation of the blur where the cosine is 1. */
  readonly sigma: number;
  /** Side of a window: what the model was trained on. */
  readonly window: number;
  readonly stride: number;
  /** Windows, or dilated samples, in one call of the network. */
  readonly windowsAtOnce: number;
  /** How many of a step's windows count as its first call, where a schedule tells that one from the others. */
  readonly firstBatch: number;
  /** Where the picture begins in the frame in which windows lie, as the network is told of it. */
  readonly frameOrigin: number;
  /** Of a tiled decode: the part of each tile that is kept, and the part around it that is not. */
  readonly tiles: { readonly core: number; readonly border: number };
}

/** ScaleCrafter: one stage, whose network is another one in the first steps. */
export interface PlannedScalecrafter {
  /** What steps name by its place; all over the same weights. */
  readonly networks: readonly UNetVariant[];
  /** Sides of guidance in the second call of noise-damped guidance, of which only the one without the prompt is used. */
  readonly dampingSides: 1 | 2;
  /** How many networks stay open together: 2 where steps call two of them and memory has room for both. */
  readonly networksAtOnce: 1 | 2;
}
