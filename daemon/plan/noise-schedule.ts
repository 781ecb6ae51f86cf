// How noise falls from timestep to timestep in a model's training, as far as plans need it (method §2, §3).
import type { PlannedStep } from "./plan.ts";

export interface NoiseSchedule {
  /** A stage from timestep `start` down to `until`, each step with its noise before and after. */
  steps(stage: {
    readonly start: number;
    readonly until: number;
    readonly steps: number;
  }): readonly PlannedStep[];
  /**
   * First timestep of the next stage, or null where none is noisy enough. `shrink` is the old size by the new one along
   * the side that grows most, 0..1.
   */
  nextStart(change: { readonly until: number; readonly shrink: number }): number | null;
}
