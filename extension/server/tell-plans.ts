// Answers what the plans of an open document are, and says when they may be others.
import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import {
  noPlans,
  type PlansChanged,
  type PlansParams,
  plansChangedNotification,
  plansRequest,
  type RecipePlans,
} from "../plan-request/plan-request.ts";
import type { OpenRecipes } from "./open-recipes.ts";
import { planText } from "./plan-text.ts";
import type { RememberedPlans } from "./remember-plans.ts";
import { restart } from "./restart.ts";

/** What telling needs. */
export interface TellingPlans {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly open: OpenRecipes;
  readonly plans: RememberedPlans;
}

/** Tells until the connection ends. What it gives says that those of these documents may be others. */
export function tellPlans(telling: TellingPlans): (uris: readonly string[]) => void {
  const { connection, documents } = telling;
  const waiting = new Map<string, NodeJS.Timeout>();
  const tell = (uri: string): void => {
    clearTimeout(waiting.get(uri));
    waiting.delete(uri);
    if (documents.get(uri) === undefined) return;
    const changed: PlansChanged = { uri };
    void connection.sendNotification(plansChangedNotification, changed);
  };
  connection.onRequest(plansRequest, (params: PlansParams) => plansOf(params, telling));
  const tellSoon = (uris: readonly string[]): void => {
    for (const uri of uris)
      waiting.set(
        uri,
        restart(waiting.get(uri), () => tell(uri)),
      );
  };
  // A recipe may extend one of another file, so all of them may have changed.
  documents.onDidChangeContent(() => tellSoon(documents.keys()));
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(waiting.get(uri));
    waiting.delete(uri);
    // Others read it from the disk now.
    tellSoon(documents.keys());
  });
  return tellSoon;
}

/** Of the document as it is when all of its recipes are planned: one that changes meanwhile is planned anew. */
async function plansOf(
  { uri }: PlansParams,
  { documents, open, plans }: TellingPlans,
): Promise<RecipePlans> {
  for (;;) {
    const recipe = open.at(uri);
    const version = documents.get(uri)?.version;
    if (recipe === undefined || version === undefined) return noPlans;
    const isStale = (): boolean => documents.get(uri)?.version !== version;
    const recipes = await planText(recipe, { plans, isStale });
    if (recipes !== undefined) return { version, recipes };
  }
}
