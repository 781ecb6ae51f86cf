// The recipe that a picture carries, or a sentence on why there is none to open.
import { Failure } from "../../daemon/base/failure.ts";
import { readPngTexts } from "../../daemon/image/read-png.ts";

export type OpenedRecipe =
  | { readonly kind: "recipe"; readonly name: string; readonly text: string }
  | { readonly kind: "none"; readonly why: string };

/** `bytes` are a whole file, `name` is how sentences call it. Never throws. */
export function recipeInside(bytes: Uint8Array, name: string): OpenedRecipe {
  try {
    const texts = readPngTexts(bytes, name);
    const text = texts.get("frecas");
    if (text !== undefined) return { kind: "recipe", name, text };
    return { kind: "none", why: texts.has("parameters") ? foreign(name) : bare(name) };
  } catch (error) {
    if (error instanceof Failure) return { kind: "none", why: error.message };
    throw error;
  }
}

const foreign = (name: string): string =>
  `${name} was painted by another program: it holds that program's parameters, but no FreCaS recipe.`;

const bare = (name: string): string =>
  `${name} holds no recipe: it was not painted by FreCaS, or with metadata: off, or another program has saved it without.`;
