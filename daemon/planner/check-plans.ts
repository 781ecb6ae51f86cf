// Whether recipes can be planned on this machine: what only a plan finds, such as a method that is not for the model or a
// LoRA that is not there, as problems of the keys that it is about.
import type { Failure } from "../base/failure.ts";
import type { Problem } from "../base/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** Why a recipe alone, without its `compare`, has no plan; null where it has one. */
type AskWhyNot = (recipe: Recipe) => Promise<Failure | null>;

/**
 * After those that are `told` already, which are not told again. A change that does not fit is a warning, for comparing leaves
 * it out; so is a file that cannot be used, for it may be another one on another machine.
 */
export async function checkPlans(
  recipes: readonly Recipe[],
  whyNot: AskWhyNot,
  told: readonly Problem[],
): Promise<readonly Problem[]> {
  const all = recipes.flatMap((recipe) => [recipe, ...recipe.compare]);
  const known = new Set(told.map(({ message }) => message));
  const problems = new Map<string, Problem>();
  for (const one of all) {
    const failure = await whyNot(one);
    if (failure === null || known.has(failure.message)) continue;
    const problem = problemOf(failure, one, recipes.includes(one) ? "error" : "warning");
    const place = problem && `${problem.range.start.offset} ${problem.message}`;
    if (problem && place && !problems.has(place)) problems.set(place, problem);
  }
  return [...told, ...problems.values()];
}

function problemOf(
  failure: Failure,
  recipe: Recipe,
  ofKeys: Problem["severity"],
): Problem | undefined {
  const range = rangeOf(failure, recipe);
  const severity = failure.code === "recipe.invalid" ? ofKeys : "warning";
  return range && { code: "not-planned", severity, range, message: failure.message };
}

/** Of the key that a failure is about; undefined where it is about none that is written. */
function rangeOf(failure: Failure, recipe: Recipe): Problem["range"] | undefined {
  const { keyRanges } = recipe;
  if (failure.code !== "recipe.invalid") return keyRanges?.[fileKey(failure, recipe) ?? ""];
  const key = /^(\w+)[^\s:]*: /.exec(failure.message)?.[1];
  return key === undefined ? undefined : (keyRanges?.[key] ?? keyRanges?.["method"]);
}

/** The key that names the file which cannot be used. */
function fileKey({ code, message }: Failure, { lora = [] }: Recipe): string | undefined {
  if (code === "picture.input") return "init";
  if (code === "weights.lora" || lora.some(({ file }) => message.includes(file))) return "lora";
  return /^(model|weights)\./.test(code) ? "model" : undefined;
}
