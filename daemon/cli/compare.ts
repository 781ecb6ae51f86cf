// `frecas compare FILE[#name]`: the recipe under several methods, or under its `compare` changes: pictures, a contact sheet,
// and a table of what each costs and what was measured.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { invalidCommand, invalidRecipe } from "../base/failure.ts";
import { comparisonJson } from "../compare/comparison.ts";
import { comparisonLines } from "../compare/print-comparison.ts";
import { comparedMethods, comparisonFolder, planComparison } from "../planner/plan-comparison.ts";
import type { Method, Recipe } from "../recipe/recipe.ts";
import type { CliContext } from "./cli-context.ts";
import { loadRecipes, parseChanges } from "./load-recipes.ts";
import { measureRuns, smallPlans } from "./measure-runs.ts";
import { openPainter, planningFor } from "./painter.ts";
import type { RunOptions } from "./run.ts";
import { runPlans } from "./run-plans.ts";
import { folderOf, parseTarget } from "./target.ts";
import { comparisonFiles, writeComparison } from "./write-comparison.ts";

export interface CompareOptions extends RunOptions {
  /** Names with commas between them. */
  readonly methods?: string;
  readonly metrics?: boolean;
  /** Folder; absent: results/NAME-compare beside the recipe. */
  readonly output?: string;
}

/** Throws the first Failure; pictures written before stay. */
export async function compare(
  target: string,
  { set, methods, metrics = false, output: given, ...options }: CompareOptions,
  context: CliContext,
): Promise<number> {
  const recipe = onlyRecipe(loadRecipes(target, parseChanges(set), context), target);
  const folder = folderOf(target, context.cwd);
  const output =
    given === undefined ? comparisonFolder(folder, recipe.name) : resolve(context.cwd, given);
  const asked = methods === undefined ? undefined : readMethods(methods);
  const request = { methods: asked, areNamed: true, measures: metrics, folder, output };
  const { planned, leftOut } = await planComparison(recipe, request, planningFor(context, options));
  const plans = [...planned.map(({ plan }) => plan), ...smallPlans(planned)];
  const traces = mkdtempSync(join(tmpdir(), "frecas-compare-"));
  try {
    const file = resolve(context.cwd, parseTarget(target).file);
    const painter = await openPainter(plans, file, context, { ...options, traces });
    const memory = painter.isolates ? "own" : "so far";
    const facts = await runPlans(plans, painter, context, options.json ? "json" : "text");
    const compared = planned.map((one, index) => ({
      ...one,
      facts: facts[index] as (typeof facts)[number],
    }));
    const comparison = {
      name: recipe.name,
      ...measureRuns(compared, { measures: metrics }),
      leftOut,
      memory,
    } as const;
    await writeComparison(comparison, output);
    const { out, err } = context.terminal;
    if (options.json) {
      const data = comparisonJson(comparison, comparisonFiles.sheet);
      out(JSON.stringify({ kind: "comparison", folder: output, ...data }));
    } else for (const line of ["", ...comparisonLines(comparison)]) out(line);
    err(`${output}: ${Object.values(comparisonFiles).join(", ")}`);
    return 0;
  } finally {
    rmSync(traces, { recursive: true, force: true });
  }
}

/** Throws `invalidRecipe` where the file holds several, a sweep's included. */
function onlyRecipe(recipes: readonly Recipe[], target: string): Recipe {
  const [recipe, ...others] = recipes;
  if (recipe !== undefined && others.length === 0) return recipe;
  const { file } = parseTarget(target);
  throw invalidRecipe(
    `compare ${target}: must name one recipe, got ${recipes.length}, ${recipes.map(({ name }) => name).join(", ")}; write ${basename(file)}#${recipe?.name} for one of them`,
  );
}

/** Each once, in the order given. Throws `invalidCommand`. */
function readMethods(text: string): readonly Method[] {
  const names = text.split(",").map((name) => name.trim());
  const methods = names.map((name) => {
    const method = comparedMethods.find((known) => known === name);
    if (method === undefined)
      throw invalidCommand(
        `--methods ${text}, of which "${name}" is none of ${comparedMethods.join(", ")}`,
      );
    return method;
  });
  return [...new Set(methods)];
}
