// What the queue needs of an engine. Somebody else knows processes.
import type { Attempt, RunListener, RunPlaces } from "../protocol/run-attempt.ts";

export interface EngineHost {
  /** One run at a time. Never rejects. */
  run(
    plan: Readonly<Record<string, unknown>>,
    places: RunPlaces,
    listener: RunListener,
  ): Promise<Attempt>;
  /** Takes away what engines that were killed have left half written where the plan's pictures go. Never rejects. */
  sweep(plan: Readonly<Record<string, unknown>>): Promise<void>;
  /** The run ends after its present step. */
  cancel(): void;
  /** The run ends at once, and its engine with it. */
  kill(): void;
}
