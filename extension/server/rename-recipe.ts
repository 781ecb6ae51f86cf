// A new name for a recipe, there and wherever this file or one nearby extends it.
import type { Range as LspRange, TextEdit } from "vscode-languageserver";
import { nameSchema } from "../../daemon/recipe/value-schemas.ts";
import { findMentions } from "./go-to-recipe.ts";
import { toLspRange } from "./lsp-range.ts";
import { mentionAt, mentionsIn } from "./recipe-names.ts";
import type { RecipeText } from "./recipe-text.ts";

/** The edits by address, or a sentence that says why there are none. */
export type Renaming =
  | { readonly kind: "edits"; readonly changes: Record<string, TextEdit[]> }
  | { readonly kind: "refused"; readonly why: string };

/** The letters that a new name would replace; undefined where the cursor is on no name. */
export function nameToChange(recipe: RecipeText, offset: number): LspRange | undefined {
  const mention = mentionAt(recipe, offset);
  return mention && toLspRange(mention.range);
}

/** The recipe under the cursor called `wanted`. */
export function renameRecipe(recipe: RecipeText, offset: number, wanted: string): Renaming {
  const mention = mentionAt(recipe, offset);
  if (mention === undefined)
    return refuse("the cursor must be on a recipe's name", "another place", "put it on one");
  if (!nameSchema.safeParse(wanted).success)
    return refuse("must be a word of letters, digits, - and _", wanted, "write for example dawn");
  const home = mention.file === recipe.file ? recipe.text : recipe.readText(mention.file);
  const there = mentionsIn({ ...recipe, text: home ?? "", file: mention.file });
  const names = there.filter(({ kind }) => kind !== "reference");
  if (names.some(({ name }) => name === wanted))
    return refuse("must be unique in the file", `${wanted} a second time`, "write another name");
  const own = names.find(({ name }) => name === mention.name);
  if (own === undefined)
    return refuse("the recipe must be there", mention.name, "correct extends first");
  if (own.kind === "counted")
    return refuse(
      "the recipe must have a name to change",
      `${mention.name}, which comes from counting`,
      `write name: ${mention.name} into it first`,
    );
  const changes: Record<string, TextEdit[]> = {};
  for (const { in: file, range } of findMentions(recipe, offset)) {
    const uri = recipe.uriOf(file);
    changes[uri] = [...(changes[uri] ?? []), { range: toLspRange(range), newText: wanted }];
  }
  return { kind: "edits", changes };
}

function refuse(rule: string, got: string, todo: string): Renaming {
  return { kind: "refused", why: `name: ${rule}, got ${got}; ${todo}` };
}
