// Which runs came from which recipe of a file: by the file and by the names that the recipe's runs have.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import {
  documentOf,
  isMadeBy,
  type NamedDocument,
  type RecipeDocument,
} from "../plan-request/recipe-documents.ts";

/** Whether comparing this recipe means its methods: it is one recipe, and asks for no comparison itself. */
export function comparesMethods({ recipes }: RecipeDocument): boolean {
  const [recipe] = recipes;
  return recipes.length === 1 && recipe?.kind === "planned" && recipe.compares.length === 0;
}

/** A recipe and its file, by an absolute path. */
export interface RecipePlace extends NamedDocument {
  readonly file: string;
}

/** Its runs, comparisons included, in the order that they were submitted in. */
export function runsOf(place: RecipePlace, runs: readonly RunRecord[]): readonly RunRecord[] {
  return runs.filter((run) => isRunOf(place, run));
}

export function isRunOf(place: RecipePlace, run: RunRecord): boolean {
  return run.file === place.file && isMadeBy(place, run.name);
}

/** The runs of each document of a file, by its name, as `runsOf` finds them for one: each run is looked at once. */
export function runsByDocument(
  file: string,
  documents: readonly RecipeDocument[],
  runs: readonly RunRecord[],
): ReadonlyMap<string, readonly RunRecord[]> {
  const found = new Map<string, RunRecord[]>(documents.map(({ name }) => [name, []]));
  for (const run of runs)
    if (run.file === file) found.get(documentOf(documents, run.name)?.name ?? "")?.push(run);
  return found;
}
