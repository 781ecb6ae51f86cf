// `frecas run FILE[#name] --set key=value`: recipes → plans → pictures.
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";
import { loadRecipes, parseChanges } from "./load-recipes.ts";
import { planRecipes } from "./plan-recipes.ts";
import { runPlans } from "./run-plans.ts";
import { folderOf } from "./target.ts";

export interface RunOptions extends OutputOptions {
  /** "key=value", as often as it is given. */
  readonly set: readonly string[];
  /** False with --no-cache. */
  readonly cache?: boolean;
}

/** Throws the first Failure; pictures written before stay. */
export async function run(
  target: string,
  { set, ...options }: RunOptions,
  context: CliContext,
): Promise<number> {
  const recipes = loadRecipes(target, parseChanges(set), context);
  const plans = await planRecipes(recipes, folderOf(target, context.cwd), context);
  await runPlans(plans, context, options);
  return 0;
}
