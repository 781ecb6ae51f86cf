// When the problems of open recipes are told: with every change, and once more where a look at the disk took longer. Those
// of recipes that were read together with the changed one are told anew once typing pauses.
import type { Connection, Diagnostic, TextDocuments } from "vscode-languageserver/node";
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

export interface ToldProblems {
  /** Tells those of these documents anew, for other files may have changed. */
  tell(uris: readonly string[]): void;
  /** The documents whose problems come from one of these files too. */
  readersOf(paths: readonly string[]): readonly string[];
  /** The documents that may be right once other files are there. */
  lacking(): readonly string[];
}

/** What is told of an open document. */
interface Found extends Diagnosis {
  readonly version: number;
  /** Paths of other texts that were read for it. */
  readonly texts: ReadonlySet<string>;
  /** Whether anything was shown for this version. */
  wasTold: boolean;
  /** Whether it may be right once other files are there; false until all is found. */
  lacks: boolean;
}

/** Tells until the connection ends. `onLack` is called when a document was found to lack something. */
export function tellProblems(telling: Telling, onLack: () => void): ToldProblems {
  const { connection, documents } = telling;
  const found = new Map<string, Found>();
  const changed = new Set<string>();
  let waiting: NodeJS.Timeout | undefined;
  const findings = (isMeant: (one: Found) => boolean): readonly string[] =>
    [...found].filter(([, one]) => isMeant(one)).map(([uri]) => uri);
  const readersOf = (paths: readonly string[]): readonly string[] =>
    findings(({ texts, files }) => paths.some((path) => texts.has(path) || files.includes(path)));
  const tell = (uris: readonly string[]): void => {
    for (const uri of uris) void tellOne(uri, { ...telling, found, onLack });
  };
  const tellReaders = (): void => {
    const readers = readersOf([...changed]);
    changed.clear();
    tell(readers);
  };
  const change = (uri: string): void => {
    changed.add(toPath(uri));
    waiting = restart(waiting, tellReaders);
  };
  documents.onDidChangeContent(({ document: { uri } }) => {
    tell([uri]);
    change(uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    found.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    // Others read it from the disk now.
    change(uri);
  });
  return { tell, readersOf, lacking: () => findings(({ lacks }) => lacks) };
}

/** Warnings that come sooner than this are told with the rest, so that they do not flicker. */
const PATIENCE_MS = 20;

/** Codes of problems that a text may have because of another one, or because there is none. */
const ofOtherTexts: ReadonlySet<unknown> = new Set([
  "missing-file",
  "empty-file",
  "extends-unknown",
  "extends-broken",
]);

interface TellingOne extends Telling {
  readonly found: Map<string, Found>;
  onLack(): void;
}

async function tellOne(
  uri: string,
  { connection, documents, open, models, plans, found, onLack }: TellingOne,
): Promise<void> {
  const recipe = open.at(uri);
  const version = documents.get(uri)?.version;
  if (recipe === undefined || version === undefined) return;
  const texts = new Set<string>();
  const readText = (path: string): string | undefined => {
    texts.add(path);
    return recipe.readText(path);
  };
  let lacksFile = false;
  const plan: RememberedPlans["plan"] = async (...asked) => {
    const outcome = await plans.plan(...asked);
    // What the recipe itself says wrong, no file mends.
    if (outcome.kind === "refused" && outcome.failure.code !== "recipe.invalid") lacksFile = true;
    return outcome;
  };
  const isStale = (): boolean => documents.get(uri)?.version !== version;
  const diagnosis = diagnose({ ...recipe, readText }, { models, plans: { plan }, isStale });
  const { ofText, whole } = diagnosis;
  const before = found.get(uri);
  const wasTold = before?.version === version && before.wasTold;
  const mine: Found = { ...diagnosis, version, texts, wasTold, lacks: false };
  found.set(uri, mine);
  const send = (diagnostics: readonly Diagnostic[]): void => {
    if (found.get(uri) !== mine) return;
    mine.wasTold = true;
    void connection.sendDiagnostics({ uri, version, diagnostics: [...diagnostics] });
  };
  // Warnings that are shown already stay until all is known.
  const early = await (wasTold ? whole : Promise.race([whole, later(PATIENCE_MS)]));
  send(early ?? ofText);
  const all = await whole;
  if (early === undefined && all.length > ofText.length) send(all);
  const lacksText = texts.size > 0 && ofText.some(({ code }) => ofOtherTexts.has(code));
  mine.lacks = lacksFile || lacksText;
  if (mine.lacks && found.get(uri) === mine) onLack();
}

function later(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
