// What a method makes of a recipe, in the form that all methods share; the rest of a plan follows from it.
import type { Size } from "../base/size.ts";
import type { PrintedRecipe } from "../recipe/print-recipe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { PlannedInit } from "./plan.ts";
import type { UntiledStage } from "./plan-stages.ts";
import type { PlannedMethod } from "./planned-method.ts";

export interface MethodPlan {
  /** The fastest way first, of those that paint the same; the first one that fits into memory is taken. */
  readonly ways: readonly [PlannedMethod, ...PlannedMethod[]];
  readonly variant: "corrected" | "published";
  readonly guidance: number;
  /** What stands for `negative` where a recipe says none: a text, or null for zeros in place of a text's vectors. */
  readonly negative: string | null;
  readonly tiling: NonNullable<Recipe["tiling"]>;
  /** As in the plan. */
  readonly tilePx: number;
  /** Before they are cut to the memory there is. */
  readonly stages: readonly UntiledStage[];
  /** What may be the size of the picture instead, where there is too little memory for it; the largest first. */
  readonly smaller: readonly Size[];
  readonly init: PlannedInit | null;
  /** As in the plan. */
  readonly encodeShift: number;
  /** The keys that are the method's own, with nothing left to presets; undefined where they have no effect. */
  readonly written: Pick<
    PrintedRecipe,
    | "guidance"
    | "stages"
    | "size"
    | "gamma"
    | "frequencyGuidance"
    | "attentionReuse"
    | "init"
    | "demofusion"
    | "scalecrafter"
  >;
  readonly warnings: readonly string[];
}
