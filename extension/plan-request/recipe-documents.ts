// The YAML documents of a recipe file, and the names that tell which recipes and runs are of one.
import { findDocument } from "../../daemon/recipe/find-recipes.ts";
import type { PlannedRecipe, RecipePlans } from "./plan-request.ts";

/** The recipes of one YAML document: several where it is swept. */
export interface RecipeDocument {
  /** As `submit` is told it: all of them. */
  readonly name: string;
  /** From 0: where the document begins, and the first line that says something. */
  readonly fromLine: number;
  readonly line: number;
  readonly recipes: readonly PlannedRecipe[];
}

/** The documents of a file, in order. */
export function documentsOf(recipes: readonly PlannedRecipe[]): readonly RecipeDocument[] {
  const byLine = new Map<number, PlannedRecipe[]>();
  for (const recipe of recipes) {
    const those = byLine.get(recipe.line);
    if (those === undefined) byLine.set(recipe.line, [recipe]);
    else those.push(recipe);
  }
  return [...byLine].map(([line, those]) => ({
    name: sharedName(those),
    fromLine: those[0]?.fromLine ?? line,
    line,
    recipes: those,
  }));
}

/** The documents of a file as the language server has told them. Throws where it has not: none is not all. */
export function toldDocuments({ version, recipes }: RecipePlans): readonly RecipeDocument[] {
  if (version === 0) throw noAnswer();
  return documentsOf(recipes);
}

const noAnswer = (): Error =>
  new Error(
    "The recipes of this file cannot be told apart now, for the language server does not answer: try again in a moment, or run “Developer: Reload Window”.",
  );

/** A sweep counts its recipes: `dawn-1`, `dawn-2` are all of `dawn`. */
function sharedName(recipes: readonly PlannedRecipe[]): string {
  const name = recipes[0]?.name ?? "";
  return recipes.length > 1 ? name.replace(/-\d+$/, "") : name;
}

/** The document that a line belongs to, with the comments above its first key; the first one for what is above all. */
export function documentAt(
  documents: readonly RecipeDocument[],
  line: number,
): RecipeDocument | undefined {
  return documents.findLast((document) => document.fromLine <= line) ?? documents[0];
}

/** The document that makes a recipe of this name. */
export function documentOf(
  documents: readonly RecipeDocument[],
  recipe: string,
): RecipeDocument | undefined {
  const names = documents.map(({ name }) => name);
  return documents[findDocument(recipe, names)];
}

/** A document of a file by its name. */
export interface NamedDocument {
  /** "" for all of the file. */
  readonly name: string;
  /** Of all documents of the file, as far as they are known. */
  readonly names: readonly string[];
}

/**
 * Whether a recipe, by its name, is the document's, or one that its sweep or comparison makes: `castle-2` is of `castle`
 * unless the file has a document of that very name.
 */
export function isMadeBy({ name, names }: NamedDocument, recipe: string): boolean {
  const all = [name, ...names];
  return name === "" || all[findDocument(recipe, all)] === name;
}
