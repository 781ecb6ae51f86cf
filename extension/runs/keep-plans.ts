// Plans of open documents as the language server told them last, for lenses and the plan pane alike. They are dropped when
// they may be others, and who shows them is told.
import { Disposable, EventEmitter, type TextDocument, workspace } from "vscode";
import type { RunFeed } from "../client/run-feed.ts";
import type { Language } from "../language.ts";
import { noPlans, type RecipePlans } from "../plan-request/plan-request.ts";

export interface KeptPlans extends Disposable {
  /** None, of version 0, where the language server does not answer. */
  of(document: TextDocument): Promise<RecipePlans>;
  /** Called with the address of a document whose plans may be others by now. */
  onDropped(listener: (uri: string) => void): Disposable;
}

interface KeptAnswer {
  /** Of the document when it was asked about. */
  readonly version: number;
  readonly plans: Promise<RecipePlans>;
}

interface Sources {
  readonly feed: Pick<RunFeed, "onChange" | "snapshot">;
  readonly language: Pick<Language, "plans" | "onPlansChanged">;
}

export function keepPlans({ feed, language }: Sources): KeptPlans {
  const kept = new Map<string, KeptAnswer>();
  const dropped = new EventEmitter<string>();
  const drop = (uri: string): void => {
    kept.delete(uri);
    dropped.fire(uri);
  };
  const ask = (document: TextDocument, uri: string): KeptAnswer => {
    const { version } = document;
    const plans = language.plans(document.uri).catch(() => noPlans);
    const asked = { version, plans };
    kept.set(uri, asked);
    void plans.then((answer) => {
      if (answer.version !== version && kept.get(uri) === asked) kept.delete(uri);
    });
    return asked;
  };
  const listening = Disposable.from(
    dropped,
    language.onPlansChanged(drop),
    // A run that is done has measured this machine, so estimates may be others.
    feed.onChange((change) => {
      const run =
        change.kind === "run" ? feed.snapshot().runs.find(({ id }) => id === change.id) : undefined;
      if (run?.state.kind === "done") for (const uri of [...kept.keys()]) drop(uri);
    }),
    workspace.onDidCloseTextDocument(({ uri }) => void kept.delete(uri.toString())),
  );
  return {
    of: (document) => {
      const uri = document.uri.toString();
      const known = kept.get(uri);
      return (known?.version === document.version ? known : ask(document, uri)).plans;
    },
    onDropped: dropped.event,
    dispose: () => listening.dispose(),
  };
}
