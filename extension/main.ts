// The extension's entry: a table of contents. Nothing here starts a daemon: a command does, when it is run.
import { type ExtensionContext, window } from "vscode";
import { editorDaemon, tracesFolder } from "./client/editor-daemon.ts";
import { openRunFeed } from "./client/run-feed.ts";
import { startLanguage } from "./language.ts";
import { openResultsPanel } from "./panel/results-panel.ts";
import { startPlanView } from "./plan-view/plan-panel.ts";
import { followPaces } from "./runs/follow-paces.ts";
import { keepPlans } from "./runs/keep-plans.ts";
import { mayPaint, requireTrust } from "./runs/may-paint.ts";
import { startRuns } from "./runs/start-runs.ts";
import { tellFailure } from "./runs/tell-failure.ts";
import { startRunsView } from "./runs-view/runs-view.ts";
import { onSettingsChanged, readSettings } from "./settings.ts";
import { startWalkthrough } from "./walkthrough/start-walkthrough.ts";

/** Called by VS Code when the first recipe is opened or the first command is run. */
export function activate(context: ExtensionContext): void {
  const bundle = (name: string): string => context.asAbsolutePath(`dist/${name}`);
  const idleMs = (): number => readSettings().keepDaemonMs;
  const daemon = editorDaemon(bundle("daemon.js"), requireTrust);
  const feed = openRunFeed({ ...daemon, idleMs, wantsPreviews: () => readSettings().previewLive });
  const language = startLanguage(bundle("language-server.js"));
  const plans = keepPlans({ feed, language });
  const paces = followPaces(feed, Date.now);
  const log = window.createOutputChannel("FreCaS", { log: true });
  const { state } = daemon.places;
  const extension = context.extensionUri;
  const results = openResultsPanel({
    feed,
    language,
    paces,
    traces: tracesFolder(state),
    extension,
  });
  const { show: showResults } = results;
  const runs = startRuns({ feed, language, plans, paces, log, showResults }, state);
  const tell = (error: unknown): Promise<void> => tellFailure(error, log);
  const plan = startPlanView({ plans, extension, tellFailure: tell });
  const runsView = startRunsView({ feed, plans, paces, log });
  const walkthrough = startWalkthrough({ context, tellFailure: tell, mayPaint });
  context.subscriptions.push(feed, language, plans, paces, log, results, runs, plan);
  // Settings may be another's for a moment after a window opens, and the user's from then on.
  const settings = onSettingsChanged(() => void feed.applySettings().catch(tell));
  context.subscriptions.push(runsView, walkthrough, settings);
  void feed.attach();
}
