// The editor's side of the language server: starts it as a process, and ends it with the extension.
import type { Disposable } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

/** `module` is the absolute path of the server's bundle. Returns at once; a server that does not start is told by the client. */
export function startLanguage(module: string): Disposable {
  const client = new LanguageClient(
    "frecas",
    "FreCaS recipes",
    { module, transport: TransportKind.ipc },
    { documentSelector: [{ language: "frecas" }] },
  );
  client.start().catch((error: unknown) => client.error(String(error), error));
  return { dispose: () => void client.stop().catch(() => undefined) };
}
