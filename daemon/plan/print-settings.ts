// A plan's settings as a recipe with nothing left to presets, for the picture's metadata: it paints the same
// picture when presets, defaults or the machine's memory have changed.
import { printRecipe } from "../recipe/print-recipe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { MethodPlan } from "./method-plan.ts";

/** What was decided beside the method. */
export interface Decided {
  readonly modelName: string;
  readonly seed: number;
  readonly negative: string | null;
  readonly tiling: "on" | "off";
  readonly precision: "fp32" | "fp16";
  /** undefined: the model's family knows no T5. */
  readonly t5: "on" | "off" | undefined;
}

/**
 * YAML that stands alone. Keys that have no effect on the run are left out, and so is where the picture went: that
 * names folders of whoever painted it, and whoever runs it again keeps the first picture.
 */
export function printSettings(recipe: Recipe, method: MethodPlan, decided: Decided): string {
  const { ways, variant, guidance, written } = method;
  const given = (recipe.lora ?? []).filter(({ weight }) => weight !== 0);
  return printRecipe({
    ...recipe,
    ...written,
    model: decided.modelName,
    lora: given.length === 0 ? undefined : given,
    seed: decided.seed,
    negative: guidance > 1 ? (decided.negative ?? undefined) : undefined,
    tiling: decided.tiling,
    precision: decided.precision,
    t5: decided.t5,
    variant,
    method: ways[0].method,
    output: undefined,
  });
}
