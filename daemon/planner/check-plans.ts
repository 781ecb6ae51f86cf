// Whether recipes can be planned with the models that are here: what only a plan finds, such as a method that is not for the
// model, as problems of the keys that it is about.
import type { Problem } from "../base/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** Why a recipe alone, without its `compare`, has no plan; null where it has one. */
type AskWhyNot = (recipe: Recipe) => Promise<string | null>;

/** A change that does not fit is a warning: comparing leaves it out. */
export async function checkPlans(
  recipes: readonly Recipe[],
  whyNot: AskWhyNot,
): Promise<readonly Problem[]> {
  const problems = new Map<string, Problem>();
  for (const recipe of recipes)
    for (const one of [recipe, ...recipe.compare]) {
      const problem = await checkPlan(one, one === recipe ? "error" : "warning", whyNot);
      const place = problem && `${problem.range.start.offset} ${problem.message}`;
      if (problem && place && !problems.has(place)) problems.set(place, problem);
    }
  return [...problems.values()];
}

async function checkPlan(
  recipe: Recipe,
  severity: Problem["severity"],
  whyNot: AskWhyNot,
): Promise<Problem | null> {
  const message = await whyNot(recipe);
  const range = message === null ? undefined : rangeOf(message, recipe);
  if (message === null || range === undefined) return null;
  return { code: "not-planned", severity, range, message };
}

/** Of the key that a failure's sentence begins with. A model that is missing is told of elsewhere. */
function rangeOf(message: string, { keyRanges }: Recipe): Problem["range"] | undefined {
  const key = /^(\w+)[^\s:]*: /.exec(message)?.[1];
  return key === undefined || key === "model"
    ? undefined
    : (keyRanges?.[key] ?? keyRanges?.["method"]);
}
