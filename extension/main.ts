// The extension's entry: a table of contents. Today it helps to write recipes.
import type { ExtensionContext } from "vscode";
import { startLanguage } from "./language.ts";

/** Called by VS Code when the first recipe is opened. */
export function activate(context: ExtensionContext): void {
  context.subscriptions.push(startLanguage(context.asAbsolutePath("dist/language-server.js")));
}
