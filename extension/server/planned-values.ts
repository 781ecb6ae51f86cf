// What a plan would give to the keys of the recipe under the cursor, its model's presets included.
import { Failure } from "../../daemon/base/failure.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { chooseSettings, type Settings } from "../../daemon/plan/choose-settings.ts";
import type { MethodPlan } from "../../daemon/plan/method-plan.ts";
import { planMethod } from "../../daemon/plan/plan-method.ts";
import type { KeyName } from "../../daemon/recipe/keys.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { printDemofusion, printScalecrafter } from "../../daemon/recipe/print-recipe.ts";
import type { Recipe, StageRecipe } from "../../daemon/recipe/recipe.ts";
import { writeSize } from "../../daemon/recipe/value-schemas.ts";
import { touches } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";

/** Values as they could be written. */
export type PlannedValues = Partial<Readonly<Record<KeyName, string>>>;

/** The one recipe around the cursor; undefined where it has errors, or where a sweep makes several of it. */
export function recipeAround(
  { text, file, readText, memory }: RecipeText,
  offset: number,
): Recipe | undefined {
  const around = parseRecipes(text, file, readText, { memory }).recipes.filter(({ range }) =>
    touches(range, offset),
  );
  return around.length === 1 ? around[0] : undefined;
}

/** Empty where the recipe and the model do not fit together. */
export function plannedValues(recipe: Recipe, model: ModelConfig): PlannedValues {
  try {
    return ["frecas", "direct"].includes(recipe.method ?? "frecas")
      ? show(chooseSettings(recipe, model).settings)
      : showMethod(
          recipe,
          planMethod(recipe, model, { modelName: model.folder, provider: "cpu", examinePicture }),
        );
  } catch (error) {
    if (error instanceof Failure) return {};
    throw error;
  }
}

/** Only cascades begin with pictures. */
function examinePicture(path: string): never {
  throw new Error(`planned values: must not need ${path}`);
}

function showMethod(
  { method, variant }: Recipe,
  { guidance, tiling, written: { size, demofusion, scalecrafter } }: MethodPlan,
): PlannedValues {
  return {
    method: method ?? "frecas",
    variant: variant ?? "corrected",
    ...(size === undefined ? {} : { size: writeSize(size) }),
    guidance: String(guidance),
    tiling,
    ...(scalecrafter === undefined ? {} : { scalecrafter: printScalecrafter(scalecrafter) }),
    ...(demofusion === undefined ? {} : { demofusion: printDemofusion(demofusion) }),
  };
}

function show(settings: Settings): PlannedValues {
  const { method, variant, stages, gamma, frequency, attentionReuse, guidance, tiling } = settings;
  const { high, low } = frequency;
  const size = stages.at(-1)?.size;
  return {
    method,
    variant,
    ...(size === undefined ? {} : { size: writeSize(size) }),
    stages: stages.map(showStage).join(", "),
    gamma: String(gamma),
    frequency_guidance: `{ high: ${high}, low: ${low ?? "none"} }`,
    attention_reuse: String(attentionReuse),
    guidance: String(guidance),
    tiling,
  };
}

function showStage({ size, steps, until }: StageRecipe): string {
  return `{ size: ${writeSize(size)}, steps: ${steps}, until: ${until} }`;
}
