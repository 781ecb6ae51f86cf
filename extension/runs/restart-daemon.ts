// Ends the daemon and starts this extension's own, after a question where a run may be painted. Runs are kept on the disk.
import { ProgressLocation, window } from "vscode";
import type { RunFeed } from "../client/run-feed.ts";
import { agrees } from "./agrees.ts";
import { mayPaint } from "./may-paint.ts";
import { restartQuestion } from "./restart-question.ts";

export async function restartDaemon(feed: RunFeed): Promise<void> {
  if (!(await mayPaint())) return;
  const detail = restartQuestion(feed.snapshot());
  const sentence = "Restart the daemon?";
  if (detail !== undefined && !(await agrees({ sentence, detail, yes: "Restart" }))) return;
  const title = "Restarting the daemon";
  await window.withProgress({ location: ProgressLocation.Window, title }, () => feed.restart());
}
