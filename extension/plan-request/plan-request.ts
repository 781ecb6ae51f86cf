// What the language server tells of plans and names: requests and a notification beside those of the protocol of language
// servers. The editor's lenses, views and panels read these types; the server fills them.
import type { Plan } from "../../daemon/plan/plan.ts";

/** Request: `PlansParams` → `RecipePlans`. */
export const plansRequest = "frecas/plans";

/** Notification, `PlansChanged`: an answer for this document may be another one by now. Comes once typing pauses. */
export const plansChangedNotification = "frecas/plansChanged";

/** Request: `NamesParams` → the names of the file's documents, in order; none where there is no such file. */
export const namesRequest = "frecas/names";

export interface NamesParams {
  /** Of a recipe file, open or not. */
  readonly uri: string;
}

export interface PlansParams {
  /** Of an open document. */
  readonly uri: string;
}

export interface PlansChanged {
  readonly uri: string;
}

export interface RecipePlans {
  /** Of the document that was planned. */
  readonly version: number;
  /** In the document's order; a sweep gives several with the same lines. */
  readonly recipes: readonly PlannedRecipe[];
}

/** Of a document that the language server was not told of, and where it does not answer. */
export const noPlans: RecipePlans = { version: 0, recipes: [] };

/** Lines count from 0. */
interface Placed {
  readonly name: string;
  /** Where the recipe's YAML document begins, with the line of three dashes above it. */
  readonly fromLine: number;
  /** The first one that says something. */
  readonly line: number;
}

export type PlannedRecipe = Placed &
  (
    | {
        readonly kind: "planned";
        readonly plan: Plan;
        /** Estimate for the whole run; null before a run has measured this machine. */
        readonly seconds: number | null;
        /** Memory that there was when it was planned. */
        readonly availableBytes: number;
        /** Sentences, without the recipe's name before them. */
        readonly warnings: readonly string[];
        /** Names of the recipes that its `compare` makes. */
        readonly compares: readonly string[];
      }
    | {
        readonly kind: "refused";
        /** A sentence. */
        readonly why: string;
      }
  );
