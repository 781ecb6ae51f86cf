// The results panel of a window: there is one, it shows the recipe that was shown last, and it survives a reload.
import { type Disposable, type Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import { z } from "zod";
import type { ResultsTarget } from "../runs/run-parts.ts";
import type { ResultsParts } from "./results-parts.ts";
import { ResultsSession } from "./results-session.ts";
import { webviewFolder } from "./webview-page.ts";

export interface ResultsPanel extends Disposable {
  /** Opens the panel beside the editor, which keeps the focus, and shows what the recipe's runs paint. */
  show(target: ResultsTarget): Promise<void>;
}

const viewType = "frecas.results";

/** What the page keeps for the next window: `setState` in the page, checked here. */
const keptSchema = z.object({ target: z.object({ uri: z.string(), name: z.string() }) });

/** Opens nothing until it is asked, or until a window with a panel is loaded again. */
export function openResultsPanel(parts: ResultsParts): ResultsPanel {
  let session: ResultsSession | undefined;
  const hold = (panel: WebviewPanel, target: ResultsTarget): void => {
    session?.dispose();
    const mine = new ResultsSession(panel, target, parts);
    session = mine;
    panel.onDidDispose(() => {
      if (session === mine) session = undefined;
    });
  };
  const serializer = window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const { data } = keptSchema.safeParse(state);
      if (data === undefined) panel.dispose();
      else hold(panel, data.target);
    },
  });
  return {
    show: async (target) => {
      if (session !== undefined) return session.turnTo(target);
      hold(createPanel(parts.extension), target);
    },
    dispose: () => {
      serializer.dispose();
      session?.dispose();
    },
  };
}

function createPanel(extension: Uri): WebviewPanel {
  return window.createWebviewPanel(
    viewType,
    "FreCaS results",
    { viewColumn: ViewColumn.Beside, preserveFocus: true },
    { enableScripts: true, localResourceRoots: [webviewFolder(extension)] },
  );
}
