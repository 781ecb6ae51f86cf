// What the page asks for is done here: recipes are opened, pictures are saved and shown, runs are stopped and tried again.
import { basename } from "node:path";
import { commands, env, Position, Selection, Uri, ViewColumn, window, workspace } from "vscode";
import type { FoundPicture } from "./find-pictures.ts";
import { type FromResults, mostDroppedBytes } from "./messages.ts";
import { type OpenedRecipe, recipeInside } from "./recipe-inside.ts";

export interface AnswerParts {
  readonly target: { readonly uri: string; readonly name: string };
  /** Of the panel. */
  readonly column: ViewColumn;
  /** One of those that the page was told of. */
  picture(path: string): FoundPicture | undefined;
  /** Says something in the page. */
  notice(tone: "info" | "error", text: string): void;
}

type Request = Exclude<FromResults, { readonly kind: "ready" | "maps" | "look" }>;

/** Never rejects: what goes wrong is said in the page. */
export async function answerPage(request: Request, parts: AnswerParts): Promise<void> {
  try {
    await answer(request, parts);
  } catch (error) {
    parts.notice("error", error instanceof Error ? error.message : String(error));
  }
}

async function answer(request: Request, parts: AnswerParts): Promise<unknown> {
  switch (request.kind) {
    case "leave":
      return focusRecipe(parts.target);
    case "generate":
      return commands.executeCommand("frecas.generate", parts.target);
    case "stop":
      return commands.executeCommand("frecas.stop", { ids: [request.runId] });
    case "retry":
      return commands.executeCommand("frecas.retry", { id: request.runId });
    case "goOn":
      return commands.executeCommand("frecas.goOn");
    case "openLog":
      return commands.executeCommand("frecas.openLog");
    case "choosePicture":
      return choosePicture(parts);
    case "dropped":
      return openRecipe(recipeInside(request.bytes, request.name), parts);
    case "droppedUri":
      return openRecipeOf(Uri.parse(request.uri, true), parts);
    default:
      return answerForPicture(request, parts);
  }
}

type PictureRequest = Extract<Request, { readonly path: string }>;

async function answerForPicture(request: PictureRequest, parts: AnswerParts): Promise<unknown> {
  const picture = parts.picture(request.path);
  if (picture === undefined) return undefined;
  const uri = Uri.file(picture.path);
  switch (request.kind) {
    case "openRecipe":
      return openRecipeOf(uri, parts);
    case "saveAs":
      return saveAs(uri, parts);
    case "reveal":
      return reveal(uri, parts);
    case "copyPath":
      await env.clipboard.writeText(picture.path);
      return parts.notice("info", "The picture's path is in the clipboard.");
    default:
      return request satisfies never;
  }
}

/** The recipe's own editor where it is open, else a new one. */
async function focusRecipe({ uri }: { readonly uri: string }): Promise<void> {
  const open = window.visibleTextEditors.find(({ document }) => String(document.uri) === uri);
  await window.showTextDocument(Uri.parse(uri), {
    viewColumn: open?.viewColumn ?? ViewColumn.One,
    preview: false,
  });
}

async function choosePicture(parts: AnswerParts): Promise<void> {
  const chosen = await window.showOpenDialog({
    title: "Open the recipe of a picture",
    openLabel: "Open Recipe",
    filters: { "PNG pictures": ["png"] },
  });
  if (chosen?.[0] !== undefined) await openRecipeOf(chosen[0], parts);
}

async function openRecipeOf(uri: Uri, parts: AnswerParts): Promise<void> {
  const { size } = await workspace.fs.stat(uri);
  if (size > mostDroppedBytes)
    return parts.notice("error", `${basename(uri.path)} is too large to be looked into.`);
  await openRecipe(recipeInside(await workspace.fs.readFile(uri), basename(uri.path)), parts);
}

/**
 * In an editor beside the panel, as a text that is not saved yet. It is shown before it is filled: what has changed and is
 * not shown VS Code shows by itself, in the panel's place.
 */
async function openRecipe(found: OpenedRecipe, { column, notice }: AnswerParts): Promise<void> {
  if (found.kind === "none") return notice("error", found.why);
  const document = await workspace.openTextDocument({ language: "frecas" });
  const beside = column === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
  const editor = await window.showTextDocument(document, { viewColumn: beside });
  const start = new Position(0, 0);
  await editor.edit((edit) => edit.insert(start, found.text));
  editor.selection = new Selection(start, start);
  notice("info", `The recipe of ${found.name} is open in an editor.`);
}

async function saveAs(from: Uri, { notice }: AnswerParts): Promise<void> {
  const to = await window.showSaveDialog({
    title: "Save picture as",
    defaultUri: from,
    filters: { "PNG pictures": ["png"] },
  });
  if (to === undefined || String(to) === String(from)) return;
  await workspace.fs.copy(from, to, { overwrite: true });
  notice("info", `The picture is saved as ${basename(to.path)}.`);
}

/** In the editor's explorer where a folder of the window holds it, else in the system's. */
async function reveal(uri: Uri, { notice }: AnswerParts): Promise<void> {
  if (workspace.getWorkspaceFolder(uri) !== undefined)
    return commands.executeCommand("revealInExplorer", uri);
  // In a browser there is no such command: the file is on another machine.
  await commands
    .executeCommand("revealFileInOS", uri)
    .then(undefined, () => notice("info", `The picture is at ${uri.fsPath}.`));
}
