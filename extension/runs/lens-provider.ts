// Shows the lenses of `recipe-lenses.ts` in the editor, and again as runs go on: often enough to follow, seldom
// enough to cost nothing, and not at all while no recipe is to be seen.
import {
  CodeLens,
  Disposable,
  EventEmitter,
  languages,
  Range,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import type { RecipePlans } from "../plan-request/plan-request.ts";
import { onSettingsChanged, readSettings } from "../settings.ts";
import { recipeLenses } from "./recipe-lenses.ts";
import type { RunParts } from "./run-parts.ts";
import { throttle } from "./throttle.ts";

/**
 * The editor asks for lenses when 250 ms or more, on a slow machine several times that, have passed without a change:
 * lenses that change as often would never be drawn.
 */
const leastPauseMs = 1500;
const tickMs = 1000;

export function showLenses(parts: RunParts): Disposable {
  const changed = new EventEmitter<void>();
  const refresh = throttle(() => isShown() && changed.fire(), leastPauseMs);
  const plans = keepPlans(parts);
  const provide = async (document: TextDocument): Promise<readonly CodeLens[]> => {
    if (!readSettings().lensEnabled) return [];
    const { recipes } = await plans.of(document);
    const lenses = recipeLenses({
      recipes,
      uri: document.uri.toString(),
      file: document.uri.fsPath,
      feed: parts.feed.snapshot(),
      pace: parts.paces.of,
      isTrusted: workspace.isTrusted,
      nowMs: Date.now(),
    });
    return lenses.map(
      ({ line, ...command }) =>
        new CodeLens(new Range(line, 0, line, 0), {
          ...command,
          arguments: [...command.arguments],
        }),
    );
  };
  return Disposable.from(
    changed,
    refresh,
    plans,
    languages.registerCodeLensProvider(parts.language.documents, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: async (document) => [...(await provide(document))],
    }),
    parts.feed.onChange((change) => {
      if (change.kind !== "preview") refresh.call();
    }),
    parts.language.onPlansChanged(refresh.call),
    onSettingsChanged(refresh.call),
    workspace.onDidGrantWorkspaceTrust(refresh.call),
    everySecondOfRuns(parts, refresh.call),
  );
}

const isShown = (): boolean =>
  window.visibleTextEditors.some(({ document }) => document.languageId === "frecas");

/** The time that is left passes between steps too. */
function everySecondOfRuns({ feed }: RunParts, tick: () => void): Disposable {
  const timer = setInterval(() => {
    if (feed.snapshot().runs.some(({ state }) => state.kind === "running")) tick();
  }, tickMs);
  return new Disposable(() => clearInterval(timer));
}

/** Plans of open documents, asked for again once they may be others. */
function keepPlans({
  feed,
  language,
}: RunParts): Disposable & { of(document: TextDocument): Promise<RecipePlans> } {
  const kept = new Map<string, RecipePlans>();
  const forgetting = Disposable.from(
    language.onPlansChanged((uri) => void kept.delete(uri)),
    // A run that is done has measured this machine, so estimates may be others.
    feed.onChange((change) => {
      const run =
        change.kind === "run" ? feed.snapshot().runs.find(({ id }) => id === change.id) : undefined;
      if (run?.state.kind === "done") kept.clear();
    }),
    workspace.onDidCloseTextDocument(({ uri }) => void kept.delete(uri.toString())),
  );
  return {
    of: async (document) => {
      const key = document.uri.toString();
      const known = kept.get(key);
      if (known?.version === document.version) return known;
      const plans = await language
        .plans(document.uri)
        .catch((): RecipePlans => ({ version: 0, recipes: [] }));
      if (plans.version === document.version) kept.set(key, plans);
      return plans;
    },
    dispose: () => forgetting.dispose(),
  };
}
