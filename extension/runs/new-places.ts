// Places for the pictures of a recipe that is painted again: beside the earlier ones, never in their place.
import type { Plan } from "../../daemon/plan/plan.ts";

/** The plan with its seeds in the names of its pictures, where they are not there already. */
export function withSeedInNames(plan: Plan): Plan {
  const prompts = plan.prompts.map(({ outputs, ...prompt }) => ({
    ...prompt,
    outputs: outputs.map((path) => withSeed(path, prompt.seed)),
  }));
  return { ...plan, prompts };
}

/** The seed before the file's ending. */
function withSeed(path: string, seed: number): string {
  const name = path.replace(/^.*[\\/]/, "");
  if (new RegExp(`(^|\\D)${seed}(\\D|$)`).test(name)) return path;
  const folder = path.slice(0, path.length - name.length);
  return `${folder}${name.replace(/(\.[^.]*)?$/, `.seed-${seed}$1`)}`;
}
