// Places for the pictures of a recipe that is painted again: beside the earlier ones, never in their place.
import type { Plan } from "../../daemon/plan/plan.ts";

/** The plan with its seeds in the names of its pictures, where they are not there already. */
export function withSeedInNames(plan: Plan): Plan {
  const prompts = plan.prompts.map((prompt) => ({
    ...prompt,
    outputs: prompt.outputs.map((path) => nameWithSeed(path, prompt.seed)),
  }));
  return { ...plan, prompts };
}

function nameWithSeed(path: string, seed: number): string {
  const [, folder = "", name = ""] = /^(.*[\\/])?([^\\/]*)$/.exec(path) ?? [];
  if (new RegExp(`(^|\\D)${seed}(\\D|$)`).test(name)) return path;
  return `${folder}${name.replace(/(\.[^.]*)?$/, `.seed-${seed}$1`)}`;
}
