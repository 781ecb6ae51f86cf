// Plans of recipes on this machine, remembered while neither the recipe nor the machine has changed: a keystroke in a
// file of many recipes plans one of them anew.
import { statSync } from "node:fs";
import { Failure } from "../../daemon/base/failure.ts";
import { type ModelFinder, openModelFinder } from "../../daemon/catalogue/find-model.ts";
import { estimateTime } from "../../daemon/plan/estimate.ts";
import type { Machine } from "../../daemon/planner/machine.ts";
import { type MachineProfile, readProfile } from "../../daemon/planner/machine-profile.ts";
import { planRecipes } from "../../daemon/planner/plan-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import type { PlannedRecipe } from "../plan-request/plan-request.ts";

/** What becomes of one recipe, wherever it stands in its file. */
type Outcome =
  | Pick<
      Extract<PlannedRecipe, { kind: "planned" }>,
      "kind" | "plan" | "seconds" | "availableBytes" | "warnings"
    >
  | { readonly kind: "refused"; readonly failure: Failure };

export interface RememberedPlans {
  /** The recipe alone, without its `compare`. `folder` is the recipe file's. Rejects for defects only. */
  plan(recipe: Recipe, folder: string): Promise<Outcome>;
  /** Files may have changed: nothing is remembered any more. */
  forget(): void;
}

/** `now` is in milliseconds. */
export function rememberPlans(machine: Machine, now: () => number = Date.now): RememberedPlans {
  let round: Round | undefined;
  return {
    plan: (recipe, folder) => {
      round = currentRound(machine, now(), round);
      const key = `${folder}\n${recipe.writtenModel?.text}\n${recipe.source}`;
      const known = round.outcomes.get(key);
      if (known !== undefined) return known;
      const { outcomes } = round;
      const outcome = planOne(recipe, folder, { machine, ...round });
      outcomes.set(key, outcome);
      // What it lacks may be there the next time.
      void outcome.then(({ kind }) => kind === "refused" && outcomes.delete(key)).catch(() => {});
      return outcome;
    },
    forget: () => {
      round = undefined;
    },
  };
}

/** One look at the machine, and what was planned by it. */
interface Round {
  readonly startedMs: number;
  readonly availableBytes: number;
  readonly rate: MachineProfile["rate"];
  readonly profileMs: number;
  readonly finder: ModelFinder;
  readonly outcomes: Map<string, Promise<Outcome>>;
}

/** Memory comes and goes, and files change behind our back: what is older is planned anew. */
const freshMs = 20_000;
const mostOutcomes = 2000;

function currentRound(machine: Machine, nowMs: number, last: Round | undefined): Round {
  const profileMs = statSync(machine.profile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isFresh =
    last !== undefined &&
    nowMs - last.startedMs < freshMs &&
    last.profileMs === profileMs &&
    last.outcomes.size < mostOutcomes;
  if (isFresh) return last;
  return {
    startedMs: nowMs,
    availableBytes: machine.availableBytes(),
    rate: readProfile(machine.profile).rate,
    profileMs,
    finder: openModelFinder(machine.places),
    outcomes: new Map(),
  };
}

async function planOne(
  recipe: Recipe,
  folder: string,
  { machine, availableBytes, rate, finder }: Round & { readonly machine: Machine },
): Promise<Outcome> {
  const warnings: string[] = [];
  const warn = (warning: string) => warnings.push(warning.slice(`${recipe.name}: `.length));
  const planning = { ...machine, availableBytes: () => availableBytes, finder, warn };
  try {
    const [plan] = await planRecipes([{ ...recipe, compare: [] }], folder, planning);
    if (plan === undefined) throw new Error("a recipe was planned and gave no plan");
    const seconds = rate === undefined ? null : estimateTime(plan, rate).total;
    return { kind: "planned", plan, seconds, availableBytes, warnings };
  } catch (error) {
    if (error instanceof Failure) return { kind: "refused", failure: error };
    throw error;
  }
}
