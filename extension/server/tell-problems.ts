// When the problems of open recipes are told: with every change, and once more where a look at the disk took longer. Those
// of recipes that were read together with the changed one are told anew once typing pauses.
import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { toPath } from "./file-uri.ts";
import type { KnownModels } from "./known-models.ts";
import type { OpenRecipes } from "./open-recipes.ts";
import type { RememberedPlans } from "./remember-plans.ts";
import { restart } from "./restart.ts";

/** What telling needs. */
export interface Telling {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly open: OpenRecipes;
  readonly models: KnownModels;
  readonly plans: RememberedPlans;
}

/** What is told of an open document, and the paths of other files that it was found with. */
interface Found extends Diagnosis {
  readonly read: ReadonlySet<string>;
}

/** Tells until the connection ends. What it gives tells all of them anew, for other files may have changed. */
export function tellProblems(telling: Telling): () => void {
  const { connection, documents, models } = telling;
  const found = new Map<string, Found>();
  const changed = new Set<string>();
  let waiting: NodeJS.Timeout | undefined;
  const tellReaders = (): void => {
    const readers = documents
      .all()
      .filter(({ uri }) => [...changed].some((path) => found.get(uri)?.read.has(path)));
    changed.clear();
    for (const document of readers) void tell(document, telling, found);
  };
  const change = (uri: string): void => {
    changed.add(toPath(uri));
    waiting = restart(waiting, tellReaders);
  };
  documents.onDidOpen(() => models.lookAgain());
  documents.onDidSave(({ document }) => {
    models.lookAgain();
    void tell(document, telling, found);
  });
  documents.onDidChangeContent(({ document }) => {
    void tell(document, telling, found);
    change(document.uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    found.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    // Others read it from the disk now.
    change(uri);
  });
  return () => {
    for (const document of documents.all()) void tell(document, telling, found);
  };
}

/** Warnings that come sooner than this are told with the rest, so that they do not flicker. */
const PATIENCE_MS = 20;

async function tell(
  { uri, version }: TextDocument,
  { connection, documents, open, models, plans }: Telling,
  found: Map<string, Found>,
): Promise<void> {
  const recipe = open.at(uri);
  if (recipe === undefined) return;
  const read = new Set<string>();
  const readText = (path: string): string | undefined => {
    read.add(path);
    return recipe.readText(path);
  };
  const isStale = (): boolean => documents.get(uri)?.version !== version;
  const mine: Found = {
    ...diagnose({ ...recipe, readText }, { models, plans, isStale }),
    read,
  };
  found.set(uri, mine);
  const { ofText, whole } = mine;
  const isCurrent = (): boolean => found.get(uri) === mine;
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
