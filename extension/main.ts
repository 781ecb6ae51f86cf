// The extension's entry: a table of contents. Today it says what is wrong in recipes while they are written.
import { type ExtensionContext, languages, workspace } from "vscode";
import { watchProblems } from "./problems.ts";

/** Called by VS Code when the first recipe is opened. */
export function activate(context: ExtensionContext): void {
  const problems = languages.createDiagnosticCollection("frecas");
  context.subscriptions.push(problems, ...watchProblems(workspace, problems));
}
