// Plans of open documents as the language server told them last, asked for again once they may be others.
import { Disposable, type TextDocument, window, workspace } from "vscode";
import type { RecipePlans } from "../plan-request/plan-request.ts";
import type { RunParts } from "./run-parts.ts";

export interface KeptPlans extends Disposable {
  /** None, of version 0, where the language server does not answer. */
  of(document: TextDocument): Promise<RecipePlans>;
}

/** How long a refusal counts: models and pictures come without a word, and the language server looks for them as often. */
const refusalMs = 20_000;

/** `onStale` is called when somebody looks at the window and a refusal may be over. */
export function keepPlans({ feed, language }: RunParts, onStale: () => void): KeptPlans {
  const kept = new Map<string, RecipePlans>();
  let timer: NodeJS.Timeout | undefined;
  const dropRefusals = (): void => {
    timer = undefined;
    for (const [uri, plans] of kept) if (isRefusal(plans)) kept.delete(uri);
    if (window.state.focused) onStale();
  };
  const forgetting = Disposable.from(
    language.onPlansChanged((uri) => void kept.delete(uri)),
    // A run that is done has measured this machine, so estimates may be others.
    feed.onChange((change) => {
      const run =
        change.kind === "run" ? feed.snapshot().runs.find(({ id }) => id === change.id) : undefined;
      if (run?.state.kind === "done") kept.clear();
    }),
    workspace.onDidCloseTextDocument(({ uri }) => void kept.delete(uri.toString())),
    window.onDidChangeWindowState(({ focused }) => focused && onStale()),
    new Disposable(() => clearTimeout(timer)),
  );
  return {
    of: async (document) => {
      const key = document.uri.toString();
      const known = kept.get(key);
      if (known?.version === document.version) return known;
      const plans = await language
        .plans(document.uri)
        .catch((): RecipePlans => ({ version: 0, recipes: [] }));
      if (plans.version !== document.version) return plans;
      kept.set(key, plans);
      if (isRefusal(plans)) timer ??= setTimeout(dropRefusals, refusalMs);
      return plans;
    },
    dispose: () => forgetting.dispose(),
  };
}

const isRefusal = ({ recipes }: RecipePlans): boolean =>
  recipes.some(({ kind }) => kind === "refused");
