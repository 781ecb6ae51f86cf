// Recipe texts for tests of the language server: ‸ is the cursor, other files are those of a small table.

import { TextDocument, type TextEdit } from "vscode-languageserver-textdocument";
import { noMemory } from "../../daemon/recipe/document-memory.ts";
import { toUri } from "../../extension/server/file-uri.ts";
import type { RecipeText } from "../../extension/server/recipe-text.ts";

/** The text without its cursor, and where that was: at the end where there is none. */
export function atCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  return { text, offset: offset < 0 ? text.length : offset };
}

/** A recipe file beside `files`, by absolute path. */
export function recipeOf(text: string, files: Readonly<Record<string, string>> = {}): RecipeText {
  const file = "/recipes/dawn.frecas";
  const nearby = () => Object.keys(files).filter((path) => path.endsWith(".frecas"));
  const readText = (path: string) => files[path];
  return { text, file, readText, uriOf: toUri, nearby, memory: noMemory };
}

/** The text once the edits are taken. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create("", "", 0, text), [...edits]);
}
