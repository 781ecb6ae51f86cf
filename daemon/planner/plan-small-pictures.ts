// What the rows of a comparison are measured against: the model's own picture of what each row paints, at the size that it
// was trained at. Rows that paint the same share one; a row that begins with a picture, or has another aspect, has none.
import type { Size } from "../base/size.ts";
import type { Plan } from "../plan/plan.ts";
import { singleStageSteps } from "../plan/presets.ts";
import { printRecipe } from "../recipe/print-recipe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { lastSize, pathOf, underMethod } from "./compared-recipes.ts";

interface Row {
  readonly recipe: Recipe;
  readonly plan: Plan;
}

/** `plan` without warnings. */
interface SmallRequest {
  readonly name: string;
  /** Where the pictures go. */
  readonly output: string;
  plan(recipe: Recipe): Promise<Plan>;
}

/** For each row its small picture's plan, the same one for rows that share it. */
export async function planSmallPictures(
  rows: readonly (Row | null)[],
  { name, output, plan }: SmallRequest,
): Promise<readonly (Plan | null)[]> {
  const known = new Map<string, Plan>();
  const smalls: (Plan | null)[] = [];
  let size: Size | undefined;
  for (const row of rows) {
    if (row === null || row.plan.init !== null) {
      smalls.push(null);
      continue;
    }
    // All are of the size that the first one's cascade begins with, so that distances can be compared.
    size ??= (await plan(underMethod(row.recipe, "frecas", lastSize(row.plan)))).stages[0]?.size;
    const recipe = size === undefined ? null : smallRecipe(row, size);
    if (recipe === null) {
      smalls.push(null);
      continue;
    }
    const key = printRecipe({ ...recipe, name: "", model: row.plan.model.folder });
    const number = known.size === 0 ? "" : `-${known.size + 1}`;
    const placed = {
      ...recipe,
      name: `${name}-small${number}`,
      output: pathOf(`small${number}`, recipe, output),
    };
    const small = known.get(key) ?? (await plan(placed));
    known.set(key, small);
    smalls.push(small);
  }
  return smalls;
}

/** A direct run of what the row paints; null where the row's aspect is another one. */
function smallRecipe({ recipe, plan }: Row, size: Size): Recipe | null {
  const { width, height } = lastSize(plan);
  if (width * size.height !== height * size.width) return null;
  return {
    ...underMethod(recipe, "direct", size),
    stages: [{ size, steps: singleStageSteps, until: 0 }],
    seed: plan.prompts[0]?.seed,
    output: undefined,
  };
}
