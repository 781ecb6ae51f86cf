// What the preview shows after an answer of the language server. While the text has errors, the last good plan stays,
// marked as such. Pure.
import type { PlannedRecipe } from "../plan-request/plan-request.ts";
import { describePlan } from "./describe-plan.ts";
import type { PlanViewState } from "./plan-messages.ts";

/** What was shown, and for which recipe. */
export interface ShownPlan {
  readonly uri: string;
  readonly state: PlanViewState;
}

/** `recipes` are those at the cursor: several where one is swept, none in a text that has none. */
export function nextState(
  before: ShownPlan,
  uri: string,
  recipes: readonly PlannedRecipe[],
): ShownPlan {
  const planned = recipes.filter((recipe) => recipe.kind === "planned");
  if (planned.length > 0)
    return { uri, state: { kind: "shown", figures: planned.map(describePlan), stale: null } };
  const refused = recipes.find((recipe) => recipe.kind === "refused");
  const why = refused?.why ?? "There is no recipe here yet: write at least `prompt: …`.";
  const { state } = before;
  const isSame =
    before.uri === uri &&
    state.kind === "shown" &&
    (refused === undefined || state.figures.some(({ name }) => isOf(refused.name, name)));
  return { uri, state: isSame ? { ...state, stale: why } : { kind: "nothing", why } };
}

/** A sweep counts its recipes: `dawn-1`, `dawn-2` are of `dawn`. */
function isOf(recipe: string, name: string): boolean {
  return (
    name === recipe ||
    (name.startsWith(`${recipe}-`) && /^\d+$/.test(name.slice(recipe.length + 1)))
  );
}
