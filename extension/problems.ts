// Problems of open recipes as squiggles, from the same parser that the command line uses.
import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  type Disposable,
  Range,
  type TextDocument,
  type workspace,
} from "vscode";
import type { Problem } from "../daemon/base/problem.ts";
import { readText } from "../daemon/base/read-text.ts";
import { parseRecipes } from "../daemon/recipe/parse-recipes.ts";

/** Keeps the problems of every open recipe up to date until disposed. */
export function watchProblems(
  documents: Pick<
    typeof workspace,
    "textDocuments" | "onDidOpenTextDocument" | "onDidChangeTextDocument" | "onDidCloseTextDocument"
  >,
  collection: DiagnosticCollection,
): readonly Disposable[] {
  const update = (document: TextDocument): void => {
    if (document.languageId === "frecas") collection.set(document.uri, diagnose(document));
  };
  for (const document of documents.textDocuments) update(document);
  return [
    documents.onDidOpenTextDocument(update),
    documents.onDidChangeTextDocument(({ document }) => update(document)),
    documents.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  ];
}

function diagnose(document: TextDocument): readonly Diagnostic[] {
  const { problems } = parseRecipes(document.getText(), document.uri.fsPath, readText);
  return problems.map(toDiagnostic);
}

function toDiagnostic({ code, severity, range, message }: Problem): Diagnostic {
  const { start, end } = range;
  const diagnostic = new Diagnostic(
    new Range(start.line, start.column, end.line, end.column),
    message,
    severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
  );
  diagnostic.code = code;
  diagnostic.source = "frecas";
  return diagnostic;
}
