// `frecas run FILE[#name] --set key=value`: recipes → plans → pictures.
import { resolve } from "node:path";
import { planRecipes } from "../planner/plan-recipes.ts";
import type { CliContext } from "./cli-context.ts";
import type { PlanOptions } from "./commands.ts";
import { loadRecipes, parseChanges } from "./load-recipes.ts";
import { openPainter, planningFor } from "./painter.ts";
import { runPlans } from "./run-plans.ts";
import { folderOf, parseTarget } from "./target.ts";

export interface RunOptions extends PlanOptions {
  /** False with --no-cache. */
  readonly cache?: boolean;
  /** False: in an engine of its own, also where a daemon is up. */
  readonly daemon?: boolean;
}

/** Throws the first Failure; pictures written before stay. */
export async function run(
  target: string,
  { set, ...options }: RunOptions,
  context: CliContext,
): Promise<number> {
  const recipes = loadRecipes(target, parseChanges(set), context);
  const folder = folderOf(target, context.cwd);
  const plans = await planRecipes(recipes, folder, planningFor(context, options));
  const file = resolve(context.cwd, parseTarget(target).file);
  const painter = await openPainter(plans, file, context, options);
  await runPlans(plans, painter, context, options.json ? "json" : "text");
  return 0;
}
