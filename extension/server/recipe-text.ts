// What every answer of the language server starts from: a recipe file's text, and how others are found and read.

import type { DocumentMemory } from "../../daemon/recipe/document-memory.ts";

export interface RecipeText {
  readonly text: string;
  /** Absolute; relative paths in the text start at its folder. */
  readonly file: string;
  /** The text of another file; undefined where it cannot be read. */
  readonly readText: (absolutePath: string) => string | undefined;
  /** The address of a file: the one that the editor has opened it by, where it is open. */
  readonly uriOf: (absolutePath: string) => string;
  /** Absolute paths of other recipe files: those that are open, and those of the same folder. */
  readonly nearby: () => readonly string[];
  /** Of documents that were read before. */
  readonly memory: DocumentMemory;
}
