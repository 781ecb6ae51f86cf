// The walkthrough's commands: a newcomer's first picture, first recipe and first comparison. Its steps are in package.json.
import {
  commands,
  Disposable,
  type ExtensionContext,
  Position,
  Selection,
  Uri,
  window,
  workspace,
} from "vscode";
import { copySample, provideSample } from "./copy-sample.ts";

type Context = Pick<ExtensionContext, "extension" | "globalStorageUri">;

/** What it is given. */
export interface WalkthroughParts {
  readonly context: Context;
  tellFailure(error: unknown): Promise<void>;
  /** Says why not. */
  mayPaint(): Promise<boolean>;
}

export function startWalkthrough({ context, tellFailure, mayPaint }: WalkthroughParts): Disposable {
  const command = (name: string, act: () => Promise<unknown>): Disposable =>
    commands.registerCommand(`frecas.${name}`, () => act().catch(tellFailure));
  // Asked before the sample is written, so that no file is left behind that is not painted.
  const sample = (name: string, what: Sample): Disposable =>
    command(name, async () => (await mayPaint()) && paint(context, what));
  return Disposable.from(
    command("openWalkthrough", () => openWalkthrough(context)),
    sample("openSample", first),
    sample("openComparison", comparison),
    command("newRecipe", newRecipe),
  );
}

async function openWalkthrough({ extension }: Context): Promise<void> {
  const id = `${extension.id}#start`;
  await commands.executeCommand("workbench.action.openWalkthrough", id, false);
}

interface Sample {
  readonly file: string;
  /** All recipes of the file where it is left out. */
  readonly recipe?: string;
  /** What paints them; compare, to look at them side by side. */
  readonly command: "frecas.generate" | "frecas.compare";
  /** Another file, of which it extends a recipe. */
  readonly extended?: string;
}

const first: Sample = { file: "dawn.frecas", recipe: "dawn", command: "frecas.generate" };

const comparison: Sample = {
  file: "direct.frecas",
  command: "frecas.compare",
  extended: "dawn.frecas",
};

/** Copies the sample, shows it, and paints its recipes. */
async function paint(context: Context, sample: Sample): Promise<void> {
  const { file, recipe: name, command, extended } = sample;
  const from = Uri.joinPath(context.extension.extensionUri, "samples").fsPath;
  const to = ownFolder(context).fsPath;
  if (extended !== undefined) await provideSample(extended, { from, to });
  const path = await copySample(file, { from, to });
  const document = await workspace.openTextDocument(Uri.file(path));
  await window.showTextDocument(document);
  const uri = document.uri.toString();
  await commands.executeCommand(command, name === undefined ? { uri } : { uri, name });
}

/** The workspace's first folder that is on a disk; without one, the extension's own. */
function ownFolder({ globalStorageUri }: Context): Uri {
  const folders = workspace.workspaceFolders ?? [];
  const onDisk = folders.find(({ uri }) => uri.scheme === "file");
  return onDisk?.uri ?? Uri.joinPath(globalStorageUri, "samples");
}

/** An editor with the one key that a recipe needs, and the cursor where its words go. */
async function newRecipe(): Promise<void> {
  const content = "prompt: ";
  const document = await workspace.openTextDocument({ language: "frecas", content });
  const editor = await window.showTextDocument(document);
  const end = new Position(0, content.length);
  editor.selection = new Selection(end, end);
}
