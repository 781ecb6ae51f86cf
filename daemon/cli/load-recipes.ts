// FILE[#name] and --set key=value → recipes, or a failure that has already shown what is wrong.
import { resolve } from "node:path";
import { invalidRecipe } from "../base/failure.ts";
import { readText } from "../base/read-text.ts";
import { chooseRecipes } from "../planner/choose-recipes.ts";
import { parseRecipes } from "../recipe/parse-recipes.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { CliContext } from "./cli-context.ts";
import { readGiven } from "./read-given.ts";
import { showProblems } from "./show-problems.ts";
import { parseTarget } from "./target.ts";

/** Recipes of the file, or the one named after #. Throws `invalidRecipe`; warnings are shown on the way. */
export function loadRecipes(
  target: string,
  changes: Readonly<Record<string, string>>,
  { cwd, terminal }: Pick<CliContext, "cwd" | "terminal">,
): readonly Recipe[] {
  const { file, name } = parseTarget(target);
  const path = resolve(cwd, file);
  const text = readRecipeFile(file, path);
  const override = { changes, only: name };
  const { recipes, problems, documents } = parseRecipes(text, path, readText, override);
  if (name === undefined && Object.hasOwn(changes, "name") && documents.length > 1)
    throw invalidRecipe(
      `--set name: must be meant for one recipe, got a file of ${documents.length}; write ${file}#${documents[0]?.writtenName} for one of them`,
    );
  for (const shown of showProblems(file, text, problems)) terminal.err(shown);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (errors > 0)
    throw invalidRecipe(
      `recipe ${file}: must be free of errors, got ${errors}; mend what is shown above`,
    );
  if (recipes.length === 0)
    throw invalidRecipe(
      `recipe ${file}: must hold a recipe, got none; write at least \`prompt: …\``,
    );
  return name === undefined ? recipes : chooseRecipes(name, documents, file);
}

/** The text of a recipe file. Throws `invalidRecipe` where there is none. */
export function readRecipeFile(file: string, path: string): string {
  const text = readGiven(path);
  if (text === undefined)
    throw invalidRecipe(
      `recipe ${file}: must be a file that can be read, got none under this path; check its name`,
    );
  return text;
}

/** ["size=256", …] → {size: "256", …}. Throws `invalidRecipe` where there is no "=". */
export function parseChanges(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1)
        throw invalidRecipe(
          `--set: must be key=value, got "${pair}"; write for example --set size=256`,
        );
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
