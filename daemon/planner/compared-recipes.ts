// A recipe under another method, and what a change of it is called. What the recipe says stays as it is; what it leaves to the
// method, such as steps, guidance and the negative text, is each method's own, so pictures may differ by that too.
import { join } from "node:path";
import { shorten } from "../base/shorten.ts";
import type { Size } from "../base/size.ts";
import type { Plan } from "../plan/plan.ts";
import { printRecipe } from "../recipe/print-recipe.ts";
import { printedLines } from "../recipe/printed-keys.ts";
import type { Method, Recipe } from "../recipe/recipe.ts";

/**
 * `size` is the finished picture's. Keys that only other methods have are left out, so that nothing warns of them; of `stages`
 * the plan warns where the method takes steps of its own.
 */
export function underMethod(recipe: Recipe, method: Method, size: Size): Recipe {
  const { gamma, frequencyGuidance, attentionReuse } = recipe;
  const { demofusion, scalecrafter } = recipe;
  const isFrecas = method === "frecas";
  return {
    ...recipe,
    method,
    size,
    gamma: isFrecas ? gamma : undefined,
    frequencyGuidance: isFrecas ? frequencyGuidance : undefined,
    attentionReuse: isFrecas ? attentionReuse : undefined,
    demofusion: method === "demofusion" ? demofusion : undefined,
    scalecrafter: method === "scalecrafter" ? scalecrafter : undefined,
  };
}

/** Why a recipe's picture cannot be compared with what enlarges the given one: it would be of another scene. */
export function whyNoInit({ init, method = "frecas" }: Recipe): string | null {
  if (init === undefined || method === "frecas") return null;
  return `init: needs method: frecas, which alone enlarges a given picture, got method: ${method}; remove init to compare it`;
}

/** Of the finished picture. */
export const lastSize = ({ stages }: Plan): Size => (stages.at(-1) as Plan["stages"][number]).size;

/** One picture is called as the row is; several are counted. */
export function pathOf(file: string, { prompts, images = 1 }: Recipe, output: string): string {
  const isOne = prompts.length * images === 1;
  return join(output, isOne ? `${file}.png` : `${file}.{prompt}.{image}.png`);
}

const mostLetters = 60;

/** "method: direct, guidance: 5"; keys that the change takes away are "no gamma". */
export function describeChange(recipe: Recipe, change: Recipe): string {
  const [before, after] = [keysOf(recipe), keysOf(change)];
  const changed = [...after].flatMap(([key, value]) =>
    before.get(key) === value ? [] : [`${key}: ${value}`],
  );
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => `no ${key}`);
  return shorten([...changed, ...gone].join(", ") || "no change", mostLetters);
}

/** Not where the pictures go. */
const keysOf = (recipe: Recipe): ReadonlyMap<string, string> =>
  printedLines(printRecipe({ ...recipe, name: "", output: undefined }));
