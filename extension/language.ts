// The editor's side of the language server: starts it as a process, asks it for plans, and ends it with the extension.
import { Disposable, EventEmitter, type TextDocument, type Uri, window, workspace } from "vscode";
import {
  DidChangeWatchedFilesNotification,
  LanguageClient,
  TransportKind,
} from "vscode-languageclient/node";
import {
  type NamesParams,
  namesRequest,
  type PlansChanged,
  type PlansParams,
  plansChangedNotification,
  plansRequest,
  type RecipePlans,
} from "./plan-request/plan-request.ts";

/** What the language server knows beyond what the editor asks it by itself. */
export interface Language extends Disposable {
  /** Plans of an open recipe file. Rejects where the server does not run. */
  plans(uri: Uri): Promise<RecipePlans>;
  /** Names of a recipe file's documents, open or not. Rejects where the server does not run. */
  names(uri: Uri): Promise<readonly string[]>;
  /** The documents that it answers for. */
  readonly documents: readonly { readonly language: string; readonly scheme: string }[];
  /** Called with the address of a file whose plans may be others by now. */
  onPlansChanged(listener: (uri: string) => void): Disposable;
}

/** Recipes that are files or will be: not the versions that source control shows. */
const recipes = [
  { language: "frecas", scheme: "file" },
  { language: "frecas", scheme: "untitled" },
];

/** Files that recipes read: what is told of a recipe may be otherwise once one of them is there. */
const readByRecipes = "**/{*.frecas,*.txt,*.png,*.jpg,*.jpeg,*.safetensors,model_index.json}";

/**
 * `module` is the absolute path of the server's bundle. Returns at once; the server starts with the first recipe that is
 * open, or the first question. One that does not start is told by the client.
 */
export function startLanguage(module: string): Language {
  const watcher = workspace.createFileSystemWatcher(readByRecipes);
  const client = new LanguageClient(
    "frecas",
    "FreCaS recipes",
    { module, transport: TransportKind.ipc },
    { documentSelector: recipes, synchronize: { fileEvents: watcher } },
  );
  const changed = new EventEmitter<string>();
  client.onNotification(plansChangedNotification, ({ uri }: PlansChanged) => changed.fire(uri));
  const begin = ({ languageId }: Pick<TextDocument, "languageId">): void => {
    if (languageId !== "frecas" || !client.needsStart()) return;
    client.start().catch((error: unknown) => client.error(String(error), error));
  };
  // The state of a window changes in other ways too.
  let wasFocused = window.state.focused;
  const listening = Disposable.from(
    watcher,
    changed,
    workspace.onDidOpenTextDocument(begin),
    // Files outside the workspace are not watched: whoever has put one there comes back to the window.
    window.onDidChangeWindowState(({ focused }) => {
      const isBack = focused && !wasFocused;
      wasFocused = focused;
      if (!isBack || !client.isRunning()) return;
      void client.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [] });
    }),
  );
  workspace.textDocuments.forEach(begin);
  return {
    plans: (uri) => {
      const params: PlansParams = { uri: client.code2ProtocolConverter.asUri(uri) };
      return client.sendRequest<RecipePlans>(plansRequest, params);
    },
    names: (uri) => {
      const params: NamesParams = { uri: client.code2ProtocolConverter.asUri(uri) };
      return client.sendRequest<readonly string[]>(namesRequest, params);
    },
    documents: recipes,
    onPlansChanged: changed.event,
    dispose: () => {
      listening.dispose();
      void client.stop().catch(() => undefined);
    },
  };
}
