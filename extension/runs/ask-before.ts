// What is asked before a recipe is painted: whether the workspace is trusted, and where a recipe is to lie that is in no file.
import { window, workspace } from "vscode";
import { mayPaint } from "./may-paint.ts";
import { type RecipeTarget, readDocuments } from "./recipe-target.ts";
import type { RunParts } from "./run-parts.ts";

/**
 * The recipe in a file that may be painted, or undefined. May stay unanswered for ever: a message that nobody clicks goes
 * out of sight and still waits.
 */
export async function askBefore(
  target: RecipeTarget,
  parts: Pick<RunParts, "plans">,
): Promise<RecipeTarget | undefined> {
  return (await mayPaint()) ? recipeInFile(target, parts) : undefined;
}

/** The same recipe in a file: where its text is in none, the user is asked to save it. Undefined where it stays in none. */
async function recipeInFile(
  target: RecipeTarget,
  parts: Pick<RunParts, "plans">,
): Promise<RecipeTarget | undefined> {
  const { document, name } = target;
  if (document.uri.scheme === "file") return target;
  const save = "Save";
  const answer = await window.showWarningMessage(
    "Save the recipe first: its pictures and the files that it names lie beside it.",
    save,
  );
  if (answer !== save) return undefined;
  const before = await readDocuments(document, parts);
  const uri = await workspace.save(document.uri);
  if (uri?.scheme !== "file") return undefined;
  // What was saved is another document, in which recipes without a name are called by another file.
  const saved = await workspace.openTextDocument(uri);
  const after = await readDocuments(saved, parts);
  const place = before.findIndex((one) => one.name === name);
  return { document: saved, name: after[place]?.name ?? name };
}
