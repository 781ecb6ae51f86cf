// Names of a file's recipes: what `extends` can refer to.
import { readDrafts } from "../../daemon/recipe/read-drafts.ts";
import { documentStart } from "./find-spot.ts";
import type { RecipeText } from "./recipe-text.ts";

/** Names of the file's other recipes, in order; `offset` is inside the one that extends. */
export function namesToExtend(recipe: RecipeText, offset: number): readonly string[] {
  const { text, file, readText } = recipe;
  const begin = documentStart(text, offset);
  const drafts = readDrafts(text, { file, readText }, {});
  const others = drafts.filter(({ range }) => documentStart(text, range.start.offset) !== begin);
  return others.map(({ name }) => name);
}
