// Which runs came from which recipe of a file: by the file and by the names that the recipe's runs have.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import type { PlannedRecipe } from "../plan-request/plan-request.ts";

/** The recipes of one YAML document: several where it is swept. */
export interface RecipeDocument {
  /** As `submit` is told it: all of them. */
  readonly name: string;
  /** From 0. */
  readonly line: number;
  readonly recipes: readonly PlannedRecipe[];
}

/** The documents of a file, in order. */
export function documentsOf(recipes: readonly PlannedRecipe[]): readonly RecipeDocument[] {
  const byLine = new Map<number, PlannedRecipe[]>();
  for (const recipe of recipes)
    byLine.set(recipe.line, [...(byLine.get(recipe.line) ?? []), recipe]);
  return [...byLine].map(([line, those]) => ({ name: sharedName(those), line, recipes: those }));
}

/** A sweep counts its recipes: `dawn-1`, `dawn-2` are all of `dawn`. */
function sharedName(recipes: readonly PlannedRecipe[]): string {
  const name = recipes[0]?.name ?? "";
  return recipes.length > 1 ? name.replace(/-\d+$/, "") : name;
}

/** Whether comparing this recipe means its methods: it is one recipe, and asks for no comparison itself. */
export function comparesMethods({ recipes }: RecipeDocument): boolean {
  const [recipe] = recipes;
  return recipes.length === 1 && recipe?.kind === "planned" && recipe.compares.length === 0;
}

/** The document that a line belongs to: the last one that begins above it. */
export function documentAt(
  documents: readonly RecipeDocument[],
  line: number,
): RecipeDocument | undefined {
  return documents.findLast((document) => document.line <= line) ?? documents[0];
}

/** Its runs, comparisons included, in the order that they were submitted in. `file` is the recipe file's path. */
export function runsOf(
  { recipes }: RecipeDocument,
  file: string,
  runs: readonly RunRecord[],
): readonly RunRecord[] {
  const names = new Set(
    recipes.flatMap((recipe) => [
      recipe.name,
      ...(recipe.kind === "planned" ? recipe.compares : []),
    ]),
  );
  return runs.filter((run) => run.file === file && names.has(run.name));
}
