// What the editor is told of open recipes; the editor itself is a stand-in that keeps what it is given.
import { expect, it, vi } from "vitest";
import type { DiagnosticCollection, TextDocument } from "vscode";
import { watchProblems } from "../../extension/problems.ts";

vi.mock("vscode", () => ({
  Range: class {},
  Diagnostic: class {
    readonly message: string;
    constructor(_: unknown, message: string) {
      this.message = message;
    }
  },
  DiagnosticSeverity: { Error: 0, Warning: 1 },
}));

/** The messages for a recipe of this text that is open when the extension starts. */
function check(text: string, expected: readonly RegExp[]): void {
  const document = { languageId: "frecas", uri: { fsPath: "/r.frecas" }, getText: () => text };
  const told: string[] = [];
  const collection = {
    set: (_: unknown, problems: readonly { message: string }[]) =>
      told.push(...problems.map(({ message }) => message)),
  };
  const nothing = () => ({ dispose: () => {} });
  const documents = {
    textDocuments: [document as unknown as TextDocument],
    onDidOpenTextDocument: nothing,
    onDidChangeTextDocument: nothing,
    onDidCloseTextDocument: nothing,
  };
  watchProblems(documents, collection as unknown as DiagnosticCollection);
  expect(told).toEqual(expected.map((message) => expect.stringMatching(message)));
}

it("a recipe without a mistake has no problems", () => check("prompt: a lake\n", []));

it("a mistake is told", () => check("prompt: a lake\nsteeps: 5\n", [/steeps/]));

it("a recipe that names a file which never ends does not hold the editor up", () =>
  check("prompts: /dev/zero\n", [/\/dev\/zero/]));
