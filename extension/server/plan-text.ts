// A recipe file's text → what this machine would make of each of its recipes. Plans are made one after the other, and
// other questions are answered in between.
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ParsedDocument } from "../../daemon/recipe/find-recipes.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { splitDocuments } from "../../daemon/recipe/split-documents.ts";
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
  const begins = beginnings(text, documents);
  const planned: PlannedRecipe[] = [];
  for (const [index, document] of documents.entries()) {
    const lines = { fromLine: begins[index] ?? 0, line: document.range.start.line };
    planned.push(...refusal(document, lines));
    for (const recipe of document.recipes) {
      await setImmediate();
      if (isStale()) return undefined;
      const outcome = await plans.plan(recipe, dirname(file));
      const place = { name: recipe.name, ...lines };
      const compares = recipe.compare.map(({ name }) => name);
      planned.push(
        outcome.kind === "planned"
          ? { ...place, ...outcome, compares }
          : { ...place, kind: "refused", why: outcome.failure.message },
      );
    }
  }
  return planned;
}

/** A document with errors, by the first of them. */
function refusal(
  document: ParsedDocument,
  lines: Pick<PlannedRecipe, "fromLine" | "line">,
): readonly PlannedRecipe[] {
  const error = document.problems.find(({ severity }) => severity === "error");
  if (error === undefined) return [];
  const { name } = document;
  return [{ kind: "refused", name, ...lines, why: error.message }];
}

/** The first line of each document: that of its three dashes, or behind the document before where several are read as one. */
function beginnings(text: string, documents: readonly ParsedDocument[]): readonly number[] {
  const pieces = splitDocuments(text);
  return documents.map(({ range }, index) => {
    const piece = pieces.findLast(({ offset }) => offset <= range.start.offset);
    const before = documents[index - 1];
    return Math.max(piece?.line ?? 0, before === undefined ? 0 : before.range.end.line + 1);
  });
}
