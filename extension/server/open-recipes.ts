// Open documents as the answering functions want them: other files that are open are read as they stand in the
// editor. The language server looks at folders and files here and nowhere else.
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TextDocumentPositionParams, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { readText } from "../../daemon/base/read-text.ts";
import { rememberDocuments } from "../../daemon/recipe/document-memory.ts";
import { toPath, toUri } from "./file-uri.ts";
import type { Look } from "./link-files.ts";
import type { RecipeText } from "./recipe-text.ts";

/** A recipe file, and a place in its text. */
export interface Place {
  readonly recipe: RecipeText;
  readonly offset: number;
}

export interface OpenRecipes {
  /** Undefined where the document is not open. */
  at(uri: string): RecipeText | undefined;
  /** As it lies on the disk where it is not open; undefined where it cannot be read. */
  find(uri: string): RecipeText | undefined;
  place(asked: TextDocumentPositionParams): Place | undefined;
}

/** Reads the documents anew with every question, what has not changed from memory. */
export function openRecipes(documents: TextDocuments<TextDocument>): OpenRecipes {
  const memory = rememberDocuments();
  // By path: editors write one address in several ways.
  const openAt = (path: string): TextDocument | undefined =>
    documents.all().find(({ uri }) => toPath(uri) === path);
  const readOpen = (path: string): string | undefined => openAt(path)?.getText() ?? readText(path);
  const uriOf = (path: string): string => openAt(path)?.uri ?? toUri(path);
  const nearby = (file: string): readonly string[] => {
    const open = documents.keys().map(toPath);
    return [...new Set([...open, ...recipesIn(dirname(file))])].filter((path) => path !== file);
  };
  const recipeOf = (uri: string, text: string | undefined): RecipeText | undefined => {
    if (text === undefined) return undefined;
    const file = toPath(uri);
    return { text, file, readText: readOpen, uriOf, nearby: () => nearby(file), memory };
  };
  const at = (uri: string) => recipeOf(uri, documents.get(uri)?.getText());
  const find = (uri: string) => at(uri) ?? recipeOf(uri, readOpen(toPath(uri)));
  const place = ({ textDocument: { uri }, position }: TextDocumentPositionParams) => {
    const recipe = at(uri);
    const offset = documents.get(uri)?.offsetAt(position);
    return recipe === undefined || offset === undefined ? undefined : { recipe, offset };
  };
  return { at, find, place };
}

/** What there is on the disk; nothing where it cannot be looked at. */
export const lookAt: Look = (path) => {
  try {
    const found = statSync(path);
    if (found.isFile()) return "file";
    return found.isDirectory() ? "folder" : "nothing";
  } catch {
    return "nothing";
  }
};

/** More recipe files than anybody has in one folder would hold up completion. */
const MOST_FILES = 100;

function recipesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".frecas"));
    return names
      .sort()
      .slice(0, MOST_FILES)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
