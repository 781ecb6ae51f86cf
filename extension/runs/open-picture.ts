// Shows the last picture of a run, or of a recipe, as the editor shows pictures.
import { commands, Uri, window } from "vscode";
import type { RunFeed } from "../client/run-feed.ts";
import type { ResultsTarget } from "./run-parts.ts";

export function openPicture(feed: RunFeed): (target: ResultsTarget) => Promise<void> {
  return async ({ uri, name, runId }) => {
    const file = Uri.parse(uri).fsPath;
    const run = feed
      .snapshot()
      .runs.findLast((one) =>
        runId === undefined ? one.file === file && one.name === name : one.id === runId,
      );
    const picture = run?.pictures.at(-1);
    if (picture !== undefined) await commands.executeCommand("vscode.open", Uri.file(picture.path));
    else if (run?.state.kind === "done")
      void window.showInformationMessage("This run has no picture any more.");
  };
}
