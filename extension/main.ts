// The extension's entry: a table of contents. Nothing here starts a daemon: a command does, when it is run.
import type { ExtensionContext } from "vscode";
import { editorDaemon } from "./client/editor-daemon.ts";
import { openRunFeed } from "./client/run-feed.ts";
import { startLanguage } from "./language.ts";
import { startRunsView } from "./runs-view/runs-view.ts";

/** Called by VS Code when the first recipe is opened or the first command is run. */
export function activate(context: ExtensionContext): void {
  const daemon = editorDaemon(context.asAbsolutePath("dist/daemon.js"), () => 600_000);
  const feed = openRunFeed({ ...daemon, wantsPreviews: () => true });
  context.subscriptions.push(
    feed,
    startLanguage(context.asAbsolutePath("dist/language-server.js")),
    startRunsView(feed),
  );
  void feed.attach();
}
