// One recipe of a file by its name, or a sweep's or a comparison's recipes by theirs.
import { invalidRecipe } from "../base/failure.ts";
import { findDocument, findRecipes, type ParsedDocument } from "../recipe/find-recipes.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** Throws `invalidRecipe` where there is no such name; the names it tells are of what comes closest. */
export function chooseRecipes(
  name: string,
  documents: readonly ParsedDocument[],
  file: string,
): readonly Recipe[] {
  const names = documents.map((document) => document.writtenName);
  const document = documents[findDocument(name, names)];
  const found = document === undefined ? [] : findRecipes(name, document);
  if (found.length > 0) return found;
  const known = document?.recipes.flatMap((recipe) => [recipe, ...recipe.compare]);
  const shown = known?.map((recipe) => recipe.name) ?? names;
  throw invalidRecipe(
    `recipe ${file}: must hold a recipe called ${name}, got ${shown.join(", ")}; use one of these names`,
  );
}
