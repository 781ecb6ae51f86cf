// Places for the pictures of a recipe that is painted again, or by another method: beside the earlier ones, never in
// their place.
import type { Plan } from "../../daemon/plan/plan.ts";

/** The plan with its seeds in the names of its pictures, where they are not there already. */
export function withSeedInNames(plan: Plan): Plan {
  return rename(plan, (path, seed) =>
    new RegExp(`(^|\\D)${seed}(\\D|$)`).test(nameOf(path)) ? path : nameWith(path, `seed-${seed}`),
  );
}

/** The plan with its method in the names of its pictures. */
export function withMethodInNames(plan: Plan): Plan {
  return rename(plan, (path) => nameWith(path, plan.method));
}

function rename(plan: Plan, newPath: (path: string, seed: number) => string): Plan {
  const prompts = plan.prompts.map((prompt) => ({
    ...prompt,
    outputs: prompt.outputs.map((path) => newPath(path, prompt.seed)),
  }));
  return { ...plan, prompts };
}

const nameOf = (path: string): string => path.replace(/^.*[\\/]/, "");

/** The word before the file's ending. */
function nameWith(path: string, word: string): string {
  const name = nameOf(path);
  const folder = path.slice(0, path.length - name.length);
  return `${folder}${name.replace(/(\.[^.]*)?$/, `.${word}$1`)}`;
}
