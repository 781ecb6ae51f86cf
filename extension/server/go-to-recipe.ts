// From `extends` to the recipe that is meant, and from a recipe to all that extend it.
import type { Location } from "vscode-languageserver";
import { toLspRange } from "./lsp-range.ts";
import { type Mention, mentionAt, mentionsIn } from "./recipe-names.ts";
import type { RecipeText } from "./recipe-text.ts";

/** Where the recipe under the cursor has its name; its first line where it is named by counting. */
export function goToRecipe(recipe: RecipeText, offset: number): Location | undefined {
  const mention = mentionAt(recipe, offset);
  if (mention === undefined) return undefined;
  const text = mention.file === recipe.file ? recipe.text : recipe.readText(mention.file);
  if (text === undefined) return undefined;
  const place = mentionsIn({ ...recipe, text, file: mention.file }).find(
    ({ kind, name }) => kind !== "reference" && name === mention.name,
  );
  return place && toLocation(place, recipe);
}

/** Every place that refers to the recipe under the cursor, in this file and those nearby, its own name included. */
export function findMentions(recipe: RecipeText, offset: number): readonly Mention[] {
  const mention = mentionAt(recipe, offset);
  if (mention === undefined) return [];
  const paths = new Set([recipe.file, mention.file, ...recipe.nearby()]);
  return [...paths].flatMap((file) => {
    const text = file === recipe.file ? recipe.text : recipe.readText(file);
    const all = text === undefined ? [] : mentionsIn({ ...recipe, text, file });
    return all.filter((one) => one.file === mention.file && one.name === mention.name);
  });
}

/** A mention as a place that the editor can open. */
export function toLocation(
  { in: file, range }: Mention,
  { uriOf }: Pick<RecipeText, "uriOf">,
): Location {
  return { uri: uriOf(file), range: toLspRange(range) };
}
