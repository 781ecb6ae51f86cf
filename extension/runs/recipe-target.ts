// Which recipe a command is about: the one that a lens names, else the one at the cursor.
import { type TextDocument, Uri, window, workspace } from "vscode";
import { documentAt, documentsOf, type RecipeDocument } from "../plan-request/recipe-documents.ts";
import type { RunParts } from "./run-parts.ts";

/** What lenses give their commands. */
export interface RecipeArgument {
  readonly uri: string;
  readonly name: string;
}

export interface RecipeTarget {
  readonly document: TextDocument;
  /** Null for all recipes of the file: where the text has none that could be told apart. */
  readonly name: string | null;
}

/** Undefined where no recipe is open, which the user is told. */
export async function findTarget(
  argument: Partial<RecipeArgument> | undefined,
  parts: Pick<RunParts, "language">,
): Promise<RecipeTarget | undefined> {
  if (argument?.uri !== undefined) {
    const document = await workspace.openTextDocument(Uri.parse(argument.uri));
    return { document, name: argument.name ?? null };
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

/** The recipe documents of a text; none where the language server does not answer. */
export async function readDocuments(
  document: TextDocument,
  { language }: Pick<RunParts, "language">,
): Promise<readonly RecipeDocument[]> {
  const plans = await language.plans(document.uri).catch(() => undefined);
  return documentsOf(plans?.recipes ?? []);
}
