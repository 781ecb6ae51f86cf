// The text of a recipe file → plans, for those who have no terminal to show problems on.
import { dirname } from "node:path";
import { invalidRecipe } from "../base/failure.ts";
import { readText } from "../base/read-text.ts";
import type { Plan } from "../plan/plan.ts";
import { findDocument, type ParsedDocument } from "../recipe/find-recipes.ts";
import { parseRecipes } from "../recipe/parse-recipes.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { chooseRecipes } from "./choose-recipes.ts";
import type { Machine } from "./machine.ts";
import {
  type ComparisonPlans,
  comparedMethods,
  comparisonFolder,
  planComparison,
} from "./plan-comparison.ts";
import { planRecipes } from "./plan-recipes.ts";

export interface RecipeText {
  readonly text: string;
  /** Absolute; relative paths in the text start at its folder. */
  readonly file: string;
  /** Null for all recipes of the file. */
  readonly name: string | null;
  /** Keys to change in every recipe. */
  readonly changes: Readonly<Record<string, string>>;
  /** Texts of other files by absolute path, which are read in the place of what lies on the disk. */
  readonly unsaved?: Readonly<Record<string, string>>;
}

/** Rejects with the first Failure; a text with errors is one that names the first of them. Those of other recipes do not count. */
export async function planText(
  sent: RecipeText,
  machine: Machine,
): Promise<{ readonly plans: readonly Plan[]; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const plans = await planRecipes(readRecipes(sent), dirname(sent.file), {
    ...machine,
    warn: (warning) => warnings.push(warning),
  });
  return { plans, warnings };
}

/** As `planText`, of one recipe by every method, on one seed. The plans have the recipe's own name, so what all are warned of is said once. */
export async function planMethods(
  sent: RecipeText,
  machine: Machine,
): Promise<ComparisonPlans & { readonly warnings: readonly string[] }> {
  const [recipe, ...others] = readRecipes(sent);
  if (recipe === undefined || others.length > 0)
    throw invalidRecipe(
      `recipe ${sent.file}: must be one to compare methods, got ${others.length + 1}; name one of them`,
    );
  const folder = dirname(sent.file);
  const output = comparisonFolder(folder, recipe.name);
  const request = { methods: comparedMethods, areNamed: false, measures: false, folder, output };
  const warnings = new Set<string>();
  const plans = await planComparison(recipe, request, {
    ...machine,
    warn: (warning) => warnings.add(warning),
  });
  return { ...plans, warnings: [...warnings] };
}

function readRecipes({ text, file, name, changes, unsaved }: RecipeText): readonly Recipe[] {
  const read = (path: string): string | undefined => unsaved?.[path] ?? readText(path);
  const override = { changes, only: name ?? undefined };
  const { recipes, problems, documents } = parseRecipes(text, file, read, override);
  const asked = name === null ? undefined : documents[findDocument(name, namesOf(documents))];
  const error = (asked?.problems ?? problems).find(({ severity }) => severity === "error");
  if (error !== undefined)
    throw invalidRecipe(`${file}:${error.range.start.line + 1}: ${error.message}`);
  if (recipes.length === 0)
    throw invalidRecipe(
      `recipe ${file}: must hold a recipe, got none; write at least \`prompt: …\``,
    );
  return name === null ? recipes : chooseRecipes(name, documents, file);
}

const namesOf = (documents: readonly ParsedDocument[]): readonly string[] =>
  documents.map(({ writtenName }) => writtenName);
