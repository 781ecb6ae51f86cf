// A plan's settings as a recipe with nothing left to presets, for the picture's metadata: it paints the same
// picture when presets, defaults or the machine's memory have changed.
import { printRecipe } from "../recipe/print-recipe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Settings } from "./choose-settings.ts";
import type { PlannedInit } from "./plan.ts";

/** What was decided beside the settings. */
export interface Decided {
  readonly modelName: string;
  readonly seed: number;
  readonly negative: string;
  readonly tiling: "on" | "off";
  readonly precision: "fp32" | "fp16";
  readonly init: PlannedInit | null;
  /** undefined: the model's family knows no T5. */
  readonly t5: "on" | "off" | undefined;
}

/**
 * YAML that stands alone. Keys that have no effect on the run are left out, and so is where the picture went: that
 * names folders of whoever painted it, and whoever runs it again keeps the first picture.
 */
export function printSettings(recipe: Recipe, settings: Settings, decided: Decided): string {
  const { stages, guidance, method, variant, frequency } = settings;
  const cascades = stages.length > 1;
  const guides = guidance > 1;
  const { high, low } = frequency;
  const { init } = decided;
  const given = (recipe.lora ?? []).filter(({ weight }) => weight !== 0);
  return printRecipe({
    ...recipe,
    model: decided.modelName,
    lora: given.length === 0 ? undefined : given,
    seed: decided.seed,
    negative: guides ? decided.negative : undefined,
    // From a picture on, it matters only whether there is guidance; presets have it.
    guidance: init !== null && guides ? undefined : guidance,
    size: undefined,
    stages,
    gamma: cascades ? settings.gamma : undefined,
    frequencyGuidance:
      cascades && guides ? { high, low: low ?? high, single: low === null } : undefined,
    attentionReuse: cascades ? settings.attentionReuse : undefined,
    tiling: decided.tiling,
    precision: decided.precision,
    t5: decided.t5,
    variant,
    method,
    init: init === null ? undefined : { image: init.image, from: init.stage + 1 },
    output: undefined,
  });
}
