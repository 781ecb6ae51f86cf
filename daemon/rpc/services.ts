// What the methods need besides the queue: values that whoever starts the daemon gives.

import type { Plan } from "../plan/plan.ts";
import type { DoctorReport } from "../protocol/engine-message.ts";
import type { SentRecipe } from "../protocol/methods.ts";
import type { RunQueue } from "../queue/run-queue.ts";

interface PlannedRecipes {
  readonly plans: readonly Plan[];
  readonly warnings: readonly string[];
}

interface PlannedMethods {
  readonly planned: readonly { readonly plan: Plan }[];
  readonly leftOut: readonly { readonly label: string; readonly why: string }[];
  readonly warnings: readonly string[];
}

export interface Services {
  readonly queue: Pick<
    RunQueue,
    | "submit"
    | "snapshot"
    | "get"
    | "cancel"
    | "pause"
    | "move"
    | "retry"
    | "remove"
    | "events"
    | "previews"
  >;
  /** The program's version. */
  readonly version: string;
  readonly pid: number;
  /** What the handshake must bring. */
  readonly token: string;
  /** Throws Failures. */
  planRecipe(recipe: SentRecipe): Promise<PlannedRecipes>;
  /** Throws Failures. */
  planMethods(recipe: SentRecipe): Promise<PlannedMethods>;
  /** Throws Failures. */
  checkPlan(plan: unknown): Plan;
  /** As `frecas models --json` prints them. */
  listModels(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  doctor(): Promise<DoctorReport>;
  /** How long it stays without work and clients. */
  keep(idleMs: number): void;
  /** Whether the daemon ends, once the answer is on its way; `replacedBy` as in the message. */
  shutdown(replacedBy: string | null): boolean;
  /** A line for the log. */
  log(line: string): void;
}
