// The built language server as an editor meets it: a process of its own, spoken to over its standard streams.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { Diagnostic } from "vscode-languageserver";

const built = join(import.meta.dirname, "../../dist/language-server.js");
if (!existsSync(built))
  throw new Error("dist/language-server.js is not built; run `node scripts/build.mjs`");

interface Told {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LanguageServer {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  /** The problems that were told of a document last. */
  diagnostics(uri: string): readonly Diagnostic[] | undefined;
  /** Their codes. */
  problems(uri: string): readonly unknown[] | undefined;
  /** Opens a document, or changes all of it; resolves with what is told of that version. */
  write(uri: string, version: number, text: string): Promise<Told>;
}

/** Started and initialised, in a home of its own; ended with the test file. */
export async function openLanguageServer(
  home: string,
  bundle: string = built,
): Promise<LanguageServer> {
  const server = spawn(process.execPath, [bundle, "--stdio"], {
    env: { PATH: process.env["PATH"], HOME: home },
    stdio: ["pipe", "pipe", "inherit"],
  });
  afterAll(() => void server.kill());
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const told: Told[] = [];
  let wake = (): void => {};
  connection.onNotification("textDocument/publishDiagnostics", (one: Told) => {
    told.push(one);
    wake();
  });
  connection.listen();
  await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  await connection.sendNotification("initialized", {});
  const write = async (uri: string, version: number, text: string): Promise<Told> => {
    const opened = { textDocument: { uri, version, languageId: "frecas", text } };
    const changed = { textDocument: { uri, version }, contentChanges: [{ text }] };
    await (version === 1
      ? connection.sendNotification("textDocument/didOpen", opened)
      : connection.sendNotification("textDocument/didChange", changed));
    for (;;) {
      const answer = told.find((one) => one.uri === uri && one.version === version);
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const diagnostics = (uri: string) => told.findLast((one) => one.uri === uri)?.diagnostics;
  const problems = (uri: string) => diagnostics(uri)?.map(({ code }) => code);
  return { connection, process: server, write, diagnostics, problems };
}
