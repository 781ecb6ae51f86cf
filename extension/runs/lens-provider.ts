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
  const provide = async (document: TextDocument): Promise<readonly CodeLens[]> => {
    if (!readSettings().lensEnabled) return [];
    const { recipes } = await parts.plans.of(document);
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
    languages.registerCodeLensProvider(parts.language.documents, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: async (document) => [...(await provide(document))],
    }),
    parts.feed.onChange((change) => {
      if (change.kind !== "preview") refresh.call();
    }),
    parts.plans.onDropped(refresh.call),
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
