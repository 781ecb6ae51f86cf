// What the preview shows after an answer of the language server. While the text has errors, the last good plan stays,
// marked as such. Pure.
import type { PlannedRecipe } from "../plan-request/plan-request.ts";
import { documentAt, documentsOf, isMadeBy } from "../plan-request/recipe-documents.ts";
import { describePlan } from "./describe-plan.ts";
import type { PlanViewState } from "./plan-messages.ts";

/** What was shown, and for which recipe. */
export interface ShownPlan {
  readonly uri: string;
  readonly state: PlanViewState;
}

/** `recipes` are all of the file; the plan is of those at the line: several where one is swept. */
export function nextState(
  before: ShownPlan,
  { uri, line }: { readonly uri: string; readonly line: number },
  recipes: readonly PlannedRecipe[],
): ShownPlan {
  const documents = documentsOf(recipes);
  const here = documentAt(documents, line)?.recipes ?? [];
  const planned = here.filter((recipe) => recipe.kind === "planned");
  if (planned.length > 0)
    return { uri, state: { kind: "shown", figures: planned.map(describePlan), stale: null } };
  const refused = here.find((recipe) => recipe.kind === "refused");
  const why = refused?.why ?? "There is no recipe here yet: write at least `prompt: …`.";
  const { state } = before;
  const names = documents.map(({ name }) => name);
  const isSame =
    before.uri === uri &&
    state.kind === "shown" &&
    (refused === undefined ||
      state.figures.some(({ name }) => isMadeBy({ name: refused.name, names }, name)));
  return { uri, state: isSame ? { ...state, stale: why } : { kind: "nothing", why } };
}
