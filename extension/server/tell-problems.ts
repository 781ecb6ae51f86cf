// When the problems of open recipes are told: with every change, and once more where a look at the disk took longer.
import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { diagnose } from "./diagnose.ts";
import type { KnownModels } from "./known-models.ts";
import type { OpenRecipes } from "./open-recipes.ts";
import type { RememberedPlans } from "./remember-plans.ts";

/** What telling needs. */
export interface Telling {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly open: OpenRecipes;
  readonly models: KnownModels;
  readonly plans: RememberedPlans;
}

/** Tells until the connection ends. */
export function tellProblems(telling: Telling): void {
  const { connection, documents, models } = telling;
  documents.onDidOpen(() => models.lookAgain());
  documents.onDidSave(({ document }) => {
    models.lookAgain();
    void tell(document, telling);
  });
  documents.onDidChangeContent(({ document }) => void tell(document, telling));
  documents.onDidClose(
    ({ document: { uri } }) => void connection.sendDiagnostics({ uri, diagnostics: [] }),
  );
}

/** Warnings that come sooner than this are told with the rest, so that they do not flicker. */
const PATIENCE_MS = 20;

async function tell(document: TextDocument, telling: Telling) {
  const { connection, documents, open, models, plans } = telling;
  const { uri, version } = document;
  const recipe = open.at(uri);
  if (recipe === undefined) return;
  const isCurrent = (): boolean => documents.get(uri)?.version === version;
  const { ofText, whole } = diagnose(recipe, { models, plans, isStale: () => !isCurrent() });
  const early = await Promise.race([whole, later(PATIENCE_MS)]);
  if (isCurrent())
    void connection.sendDiagnostics({ uri, version, diagnostics: [...(early ?? ofText)] });
  if (early !== undefined) return;
  const diagnostics = [...(await whole)];
  if (diagnostics.length > ofText.length && isCurrent())
    void connection.sendDiagnostics({ uri, version, diagnostics });
}

function later(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
