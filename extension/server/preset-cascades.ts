// The cascades that the presets of a recipe's model have, to be proposed where its stages are being written.
import { dirname } from "node:path";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { nearestSide } from "../../daemon/plan/derive-sizes.ts";
import { presetsFor } from "../../daemon/plan/presets.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe, StageRecipe } from "../../daemon/recipe/recipe.ts";
import { documentStart, findSpot } from "./find-spot.ts";
import type { KnownModels } from "./known-models.ts";
import type { RecipeText } from "./recipe-text.ts";
import { presetStages } from "./write-stages.ts";

/** The one for the recipe's size first, and nothing else where it says a size. None where no stages can be written. */
export async function cascadesAt(
  recipe: RecipeText,
  offset: number,
  models: Pick<KnownModels, "configOf">,
): Promise<readonly (readonly StageRecipe[])[]> {
  const spot = findSpot(recipe.text, offset);
  const isAtStages = spot?.path.join() === "stages";
  const around = isAtStages ? withoutStages(recipe, offset) : undefined;
  const model = around && (await models.configOf(around, dirname(recipe.file)));
  return around === undefined || model === undefined ? [] : cascadesOf(around, model);
}

/** The recipe as if nothing were written from its key `stages` to the cursor, for that is only half written. */
function withoutStages({ text, file, readText, memory }: RecipeText, offset: number) {
  const begin = documentStart(text, offset);
  const key = text.slice(begin, offset).search(/^stages[ \t]*:/m);
  if (key < 0) return undefined;
  const end = offset + text.slice(offset).search(/[\r\n]|$/);
  const blank = text.slice(begin + key, end).replace(/[^\r\n]/g, " ");
  const other = text.slice(0, begin + key) + blank + text.slice(end);
  const { documents } = parseRecipes(other, file, readText, { memory });
  const around = documents.findLast(
    ({ range }) => documentStart(other, range.start.offset) === begin,
  );
  return around?.recipes.length === 1 ? around.recipes[0] : undefined;
}

function cascadesOf(recipe: Recipe, model: ModelConfig): readonly (readonly StageRecipe[])[] {
  if ((recipe.method ?? "frecas") !== "frecas") return [];
  const usual = presetStages(recipe, model);
  if (recipe.size !== undefined) return usual.length === 0 ? [] : [usual];
  const { nativePx, multipleOfPx } = model.sides;
  const table = presetsFor(model.family, nativePx);
  const others = table.presets.map(({ stages }) => {
    const px = nearestSide(
      ((stages.at(-1)?.sidePx ?? 0) * nativePx) / table.nativePx,
      multipleOfPx,
    );
    return presetStages({ ...recipe, size: { width: px, height: px } }, model);
  });
  const known = new Map([usual, ...others].map((stages) => [JSON.stringify(stages), stages]));
  return [...known.values()].filter((stages) => stages.length > 0);
}
