// Tells the ends of this window's runs in notifications, as `end-news.ts` says.
import { commands, Disposable, Uri, window, workspace } from "vscode";
import type { RunRecord, RunState } from "../../daemon/protocol/run-record.ts";
import { readSettings } from "../settings.ts";
import { endNews } from "./end-news.ts";
import { plainMessage } from "./plain-message.ts";
import { isActive } from "./recipe-lenses.ts";
import type { RunParts } from "./run-parts.ts";

/** Ends that come this close to each other are told together. */
const gatherMs = 300;

export function tellEnds(parts: RunParts): Disposable {
  const { feed } = parts;
  /** Runs that were seen waiting or painted: what has ended before is no news. */
  const active = new Set<number>();
  let ended: RunRecord[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    const { runs, paused } = feed.snapshot();
    const isBusy = runs.some((run) => goesOn(run, paused) && isOfThisWindow(run));
    const isFocused = window.state.focused;
    const news = endNews({ ended, isBusy, isFocused, setting: readSettings().notifications });
    if (news.kind === "later") return;
    ended = [];
    if (news.kind !== "none") void show(news.kind, news, parts);
  };
  const look = (run: RunRecord): void => {
    if (isActive(run)) active.add(run.id);
    else if (active.delete(run.id) && isOfThisWindow(run)) ended.push(run);
  };
  const listening = feed.onChange((change) => {
    // Steps, which come often, end nothing.
    if (change.kind !== "runs" && change.kind !== "run") return;
    const { runs } = feed.snapshot();
    for (const run of runs) if (change.kind === "runs" || run.id === change.id) look(run);
    // What was waited for may have been forgotten or paused instead of ending.
    if (ended.length > 0) timer ??= setTimeout(tell, gatherMs);
  });
  return Disposable.from(listening, new Disposable(() => clearTimeout(timer)));
}

/** Whether its end is still to come by itself: nothing that waits begins while the queue is paused. */
const goesOn = (run: RunRecord, paused: boolean): boolean =>
  isActive(run) && (run.state.kind === "running" || !paused);

/** Other windows and terminals tell of theirs. */
function isOfThisWindow({ file }: RunRecord): boolean {
  if (file === null) return false;
  const isOpen = workspace.textDocuments.some(
    ({ uri }) => uri.scheme === "file" && uri.fsPath === file,
  );
  return isOpen || workspace.getWorkspaceFolder(Uri.file(file)) !== undefined;
}

async function show(
  kind: Extract<RunState["kind"], "done" | "failed">,
  { text, run }: { readonly text: string; readonly run: RunRecord },
  { showResults }: RunParts,
): Promise<void> {
  const [see, openLog, retry] = ["Show", "Open log", "Retry"];
  const answer =
    kind === "done"
      ? await window.showInformationMessage(text, see, openLog)
      : await window.showErrorMessage(plainMessage(text), retry, openLog);
  if (answer === see)
    await showResults({ uri: Uri.file(run.file ?? "").toString(), name: run.name, runId: run.id });
  if (answer === openLog) await commands.executeCommand("frecas.openLog");
  if (answer === retry) await commands.executeCommand("frecas.retry", { id: run.id });
}
