// Which recipe a command is about: the one that a lens names, else the one at the cursor.
import { type TextDocument, Uri, window, workspace } from "vscode";
import {
  documentAt,
  type RecipeDocument,
  toldDocuments,
} from "../plan-request/recipe-documents.ts";
import type { RunParts } from "./run-parts.ts";

/** What lenses and panels give their commands. */
export interface RecipeArgument {
  readonly uri: string;
  /** "" for all recipes of the file. */
  readonly name: string;
}

export interface RecipeTarget {
  readonly document: TextDocument;
  /** Null for all of the file: where the text has no recipe, which the daemon says with the place of the mistake. */
  readonly name: string | null;
}

/** Undefined where no recipe is open, which the user is told. Rejects as `readDocuments` does. */
export async function findTarget(
  argument: Partial<RecipeArgument> | undefined,
  parts: Pick<RunParts, "plans">,
): Promise<RecipeTarget | undefined> {
  if (argument?.uri !== undefined) {
    const document = await workspace.openTextDocument(Uri.parse(argument.uri));
    return { document, name: argument.name || null };
  }
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== "frecas") {
    void window.showInformationMessage(
      "Open a recipe, a .frecas file, and put the cursor into it.",
    );
    return undefined;
  }
  const { document, selection } = editor;
  const documents = await readDocuments(document, parts);
  return { document, name: documentAt(documents, selection.active.line)?.name ?? null };
}

/** The recipe documents of a text. Rejects where the language server does not know: none is not all. */
export async function readDocuments(
  document: TextDocument,
  { plans }: Pick<RunParts, "plans">,
): Promise<readonly RecipeDocument[]> {
  return toldDocuments(await plans.of(document));
}
