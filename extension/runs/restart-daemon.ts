// Ends the daemon and starts this extension's own, after a question where a run may be painted. Runs are kept on the disk.
import { ProgressLocation, window } from "vscode";
import type { RunFeed } from "../client/run-feed.ts";
import { mayPaint } from "./may-paint.ts";
import { restartQuestion } from "./restart-question.ts";

export async function restartDaemon(feed: RunFeed): Promise<void> {
  if (!(await mayPaint())) return;
  const detail = restartQuestion(feed.snapshot());
  if (detail !== undefined && !(await isWanted(detail))) return;
  const title = "Restarting the daemon";
  await window.withProgress({ location: ProgressLocation.Window, title }, () => feed.restart());
}

async function isWanted(detail: string): Promise<boolean> {
  const yes = "Restart";
  const options = { modal: true, detail };
  return (await window.showWarningMessage("Restart the daemon?", options, yes)) === yes;
}
