// One recipe under every method, on one seed: the plans of those that fit its model, and why others do not.
import type { Plan } from "../../daemon/plan/plan.ts";
import type { SentRecipe } from "../../daemon/protocol/methods.ts";
import { withMethodInNames, withSeedInNames } from "./new-places.ts";
import type { RecipeDocument } from "./recipe-runs.ts";

const methods = ["frecas", "direct", "scalecrafter", "demofusion"] as const;

export interface MethodPlans {
  /** Their pictures lie beside each other. */
  readonly plans: readonly Plan[];
  /** Sentences, one for each method that does not fit. */
  readonly leftOut: readonly string[];
}

/** Whether comparing this recipe means its methods: it is one recipe, and asks for no comparison itself. */
export function comparesMethods({ recipes }: RecipeDocument): boolean {
  const [recipe] = recipes;
  return recipes.length === 1 && recipe?.kind === "planned" && recipe.compares.length === 0;
}

/**
 * `plan` plans the recipe with changes of its keys. Rejects as that does where no method fits, and at once where what
 * goes wrong is not the recipe.
 */
export async function planMethods(
  plan: (changes: SentRecipe["changes"]) => Promise<readonly Plan[]>,
): Promise<MethodPlans> {
  const plans: Plan[] = [];
  const refusals: Error[] = [];
  for (const method of methods) {
    const seed = plans[0]?.prompts[0]?.seed;
    // A random seed is drawn once.
    const sameSeed = seed === undefined ? {} : { seed: String(seed) };
    try {
      const planned = await plan({ compare: "[]", method, ...sameSeed });
      plans.push(...planned.map((one) => withSeedInNames(withMethodInNames(one))));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusals.push(error);
    }
  }
  if (plans.length === 0 && refusals[0] !== undefined) throw refusals[0];
  return { plans, leftOut: refusals.map(({ message }) => message) };
}

/** What is wrong with a recipe under one method says nothing about the others. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "recipe.invalid";
}
