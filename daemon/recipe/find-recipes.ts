// Which recipes of a file does a name mean? A document's name means all recipes made from it; a name that was made
// by counting (`dawn-2` of a sweep, `dawn-compare-1`) means that recipe alone.
import type { Problem, Range } from "../base/problem.ts";
import type { Recipe } from "./recipe.ts";

/** A document of a file with the recipes that its sweep makes of it. */
export interface ParsedDocument {
  /** Its name as the file has it, or would have it by counting. */
  readonly writtenName: string;
  /** Its name under the changes from outside, which its recipes' names begin with. */
  readonly name: string;
  /** Empty where it has errors. */
  readonly recipes: readonly Recipe[];
  /** Where it stands in its file. */
  readonly range: Range;
  readonly problems: readonly Problem[];
}

/** Index of the document that `name` belongs to, by the documents' names as written; -1 where there is none. */
export function findDocument(name: string, documents: readonly string[]): number {
  for (const ending of COUNTED) {
    const at = ending.test(name) ? documents.indexOf(name.replace(ending, "")) : -1;
    if (at >= 0) return at;
  }
  return -1;
}

/** What sweeps and comparisons write behind a document's name. The longest name is meant, so the shortest ending is tried first. */
const COUNTED = [/$/, /-\d+$/, /-compare-\d+$/, /-\d+-compare-\d+$/];

/** The recipes of its document that `name` means; none where nothing was made under this number. */
export function findRecipes(name: string, document: ParsedDocument): readonly Recipe[] {
  const wanted = document.name + name.slice(document.writtenName.length);
  if (wanted === document.name) return document.recipes;
  const all = document.recipes.flatMap((recipe) => [recipe, ...recipe.compare]);
  return all.filter((recipe) => recipe.name === wanted);
}
