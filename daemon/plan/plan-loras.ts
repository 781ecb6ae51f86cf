// The LoRAs that a run uses: the recipe's weights with what is known of their files.
import type { LoraFacts } from "../config/read-lora.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** A LoRA's facts, and how strongly it acts: never 0. */
export interface WeightedLora extends LoraFacts {
  readonly weight: number;
}

/**
 * `facts` are in the recipe's order. A LoRA of weight 0 is left out, so that its run is the one without it to the last
 * bit: a network with more nodes may round otherwise even where they add nothing.
 */
export function planLoras(
  { lora = [] }: Pick<Recipe, "lora">,
  facts: readonly LoraFacts[],
): readonly WeightedLora[] {
  return lora.flatMap(({ weight }, index) => {
    const known = facts[index];
    if (known === undefined) throw new Error(`plan: must know LoRA ${index + 1}`);
    return weight === 0 ? [] : [{ ...known, weight }];
  });
}
