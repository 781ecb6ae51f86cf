// Tells problems and plans of open recipes, and looks again where files may be others though nobody has typed. Nothing else
// looks again.
import { basename } from "node:path";
import { toPath } from "./file-uri.ts";
import { tellPlans } from "./tell-plans.ts";
import { type Telling, tellProblems } from "./tell-problems.ts";

/** What a recipe lacks may come where nobody watches, as often as this is looked for. */
const lackingMs = 20_000;

/** Until the connection ends. */
export function followFiles(telling: Telling): void {
  const { connection, documents, models, plans } = telling;
  let isWaiting = false;
  const lookLater = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(lookForLacking, lackingMs).unref();
  };
  const problems = tellProblems(telling, lookLater);
  const tellPlansOf = tellPlans(telling);
  const look = (uris: readonly string[]): void => {
    if (uris.length === 0) return;
    plans.forget();
    problems.tell(uris);
    tellPlansOf(uris);
  };
  const lookWithModels = (uris: readonly string[]): void => {
    if (uris.length > 0) models.lookAgain();
    look(uris);
  };
  const lookForLacking = (): void => {
    isWaiting = false;
    // Without the catalogue, whose reading opens each model: what is lacking is found by its name.
    models.forget();
    look(problems.lacking());
  };
  documents.onDidOpen(() => models.lookAgain());
  documents.onDidSave(() => lookWithModels(documents.keys()));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    // Those that are open are read as they stand in the editor.
    const open = documents.keys().map(toPath);
    const paths = changes.map(({ uri }) => toPath(uri)).filter((path) => !open.includes(path));
    // Without a file it says that any may be another: somebody has been elsewhere.
    if (changes.length === 0 || paths.some(isOfModels)) lookWithModels(documents.keys());
    else look(problems.readersOf(paths));
  });
}

const isOfModels = (path: string): boolean =>
  path.endsWith(".safetensors") || basename(path) === "model_index.json";
