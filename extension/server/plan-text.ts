// A recipe file's text → what this machine would make of each of its recipes. Plans are made one after the other, and
// other questions are answered in between.
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ParsedDocument } from "../../daemon/recipe/find-recipes.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { PlannedRecipe } from "../plan-request/plan-request.ts";
import type { RecipeText } from "./recipe-text.ts";
import type { RememberedPlans } from "./remember-plans.ts";

export interface Planning {
  readonly plans: Pick<RememberedPlans, "plan">;
  /** Whether the text has changed meanwhile, so that nobody wants its plans any more. */
  isStale(): boolean;
}

/** In the text's order; undefined where it became stale. */
export async function planText(
  { text, file, readText, memory }: RecipeText,
  { plans, isStale }: Planning,
): Promise<readonly PlannedRecipe[] | undefined> {
  const { documents } = parseRecipes(text, file, readText, { memory });
  const planned: PlannedRecipe[] = [];
  for (const document of documents) {
    planned.push(...refusal(document));
    for (const recipe of document.recipes) {
      await setImmediate();
      if (isStale()) return undefined;
      const outcome = await plans.plan(recipe, dirname(file));
      const place = { name: recipe.name, ...linesOf(document) };
      const compares = recipe.compare.map(({ name }) => name);
      planned.push(
        outcome.kind === "planned" ? { ...place, ...outcome, compares } : { ...place, ...outcome },
      );
    }
  }
  return planned;
}

/** A document with errors, by the first of them. */
function refusal(document: ParsedDocument): readonly PlannedRecipe[] {
  const error = document.problems.find(({ severity }) => severity === "error");
  if (error === undefined) return [];
  const { name } = document;
  return [{ kind: "refused", name, ...linesOf(document), why: error.message }];
}

function linesOf({ range }: ParsedDocument): { readonly line: number; readonly endLine: number } {
  return { line: range.start.line, endLine: range.end.line };
}
