// The editor's side of the language server: starts it as a process, asks it for plans, and ends it with the extension.
import { type Disposable, EventEmitter, type Uri } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import {
  type PlansChanged,
  type PlansParams,
  plansChangedNotification,
  plansRequest,
  type RecipePlans,
} from "./plan-request/plan-request.ts";

/** What the language server knows beyond what the editor asks it by itself. */
export interface Language extends Disposable {
  /** Plans of an open recipe file. Rejects where the server does not run. */
  plans(uri: Uri, changes?: PlansParams["changes"]): Promise<RecipePlans>;
  /** Called with the address of a file whose plans may be others by now. */
  onPlansChanged(listener: (uri: string) => void): Disposable;
}

/** `module` is the absolute path of the server's bundle. Returns at once; a server that does not start is told by the client. */
export function startLanguage(module: string): Language {
  const client = new LanguageClient(
    "frecas",
    "FreCaS recipes",
    { module, transport: TransportKind.ipc },
    { documentSelector: [{ language: "frecas" }] },
  );
  const changed = new EventEmitter<string>();
  client.onNotification(plansChangedNotification, ({ uri }: PlansChanged) => changed.fire(uri));
  client.start().catch((error: unknown) => client.error(String(error), error));
  return {
    plans: (uri, changes) => {
      const params = { uri: client.code2ProtocolConverter.asUri(uri), ...(changes && { changes }) };
      return client.sendRequest<RecipePlans>(plansRequest, params satisfies PlansParams);
    },
    onPlansChanged: changed.event,
    dispose: () => {
      changed.dispose();
      void client.stop().catch(() => undefined);
    },
  };
}
