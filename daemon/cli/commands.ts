// The commands that read: check, plan, info. Each prints and returns its exit code.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { badInputPicture, Failure } from "../base/failure.ts";
import { readText } from "../base/read-text.ts";
import { checkModels } from "../catalogue/check-models.ts";
import { openModelFinder } from "../catalogue/find-model.ts";
import { readPngTexts } from "../image/read-png.ts";
import type { MachineRate } from "../plan/estimate.ts";
import { showPlan } from "../plan/show-plan.ts";
import { checkPlans } from "../planner/check-plans.ts";
import { readProfile } from "../planner/machine-profile.ts";
import { planRecipes } from "../planner/plan-recipes.ts";
import { parseRecipes } from "../recipe/parse-recipes.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { CliContext } from "./cli-context.ts";
import { loadRecipes, parseChanges, readRecipeFile } from "./load-recipes.ts";
import { showProblems } from "./show-problems.ts";
import { folderOf } from "./target.ts";

export interface OutputOptions {
  readonly json?: boolean;
}

export interface PlanOptions extends OutputOptions {
  /** "key=value", as often as it is given. */
  readonly set: readonly string[];
}

/** 1 where the file has errors. */
export async function check(
  file: string,
  { json }: OutputOptions,
  context: CliContext,
): Promise<number> {
  const path = resolve(context.cwd, file);
  const text = readRecipeFile(file, path);
  const { recipes, problems: ofText } = parseRecipes(text, path, readText);
  const finder = openModelFinder(context.places);
  const folder = dirname(path);
  const planning = { ...context, finder, warn: () => {} };
  const whyNot = (recipe: Recipe): Promise<Failure | null> =>
    planRecipes([{ ...recipe, compare: [] }], folder, planning).then(() => null, refusalOf);
  const ofModels = await checkModels(recipes, folder, finder);
  const problems = [...ofText, ...(await checkPlans(recipes, whyNot, ofModels))];
  const { out, err } = context.terminal;
  if (json) for (const problem of problems) out(JSON.stringify(problem));
  else for (const shown of showProblems(file, text, problems)) out(shown);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (!json)
    err(
      `${file}: ${count(recipes.length, "recipe")}, ${count(errors, "error")}, ${count(problems.length - errors, "warning")}`,
    );
  return errors > 0 ? 1 : 0;
}

function refusalOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** Two threads of a laptop, for estimates before the first run. GFLOP/s. */
const assumedRate: MachineRate = { gflopsText: 20, gflopsDenoiser: 100, gflopsVae: 50 };

/** What each recipe of the file would do. */
export async function plan(
  target: string,
  { json, set }: PlanOptions,
  context: CliContext,
): Promise<number> {
  const recipes = loadRecipes(target, parseChanges(set), context);
  const plans = await planRecipes(recipes, folderOf(target, context.cwd), context);
  const { rate } = readProfile(context.profile);
  for (const each of plans)
    context.terminal.out(json ? JSON.stringify(each) : showPlan(each, rate ?? assumedRate));
  if (rate === undefined && !json)
    context.terminal.out("\nTimes are guesses until the first run has measured this machine.");
  return 0;
}

/** The recipe back out of a picture, or the settings that another tool left there. */
export function info(path: string, { json }: OutputOptions, { cwd, terminal }: CliContext): number {
  const texts = readPngTexts(readPicture(resolve(cwd, path), path), path);
  const recipe = texts.get("frecas");
  const parameters = texts.get("parameters");
  const shown = recipe ?? parameters;
  if (shown === undefined)
    throw badInputPicture(path, "must hold a recipe or parameters", "neither");
  terminal.out(json ? JSON.stringify({ recipe, parameters }) : shown.trimEnd());
  return 0;
}

function readPicture(path: string, shown: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw badInputPicture(
      shown,
      "must be a file that can be read",
      (error as NodeJS.ErrnoException).code ?? "an error",
    );
  }
}
