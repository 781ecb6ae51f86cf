// The Language Server Protocol → the functions that answer it. Holds the open documents and nothing else.
import {
  type Connection,
  ErrorCodes,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { complete } from "./complete.ts";
import { diagnose } from "./diagnose.ts";
import { fold } from "./fold.ts";
import { findMentions, goToRecipe, toLocation } from "./go-to-recipe.ts";
import { hover, pointAt } from "./hover.ts";
import { linkFiles } from "./link-files.ts";
import type { ModelShelf } from "./model-shelf.ts";
import { lookAt, openRecipes } from "./open-recipes.ts";
import { outline } from "./outline.ts";
import { quickFixes } from "./quick-fixes.ts";
import { nameToChange, renameRecipe } from "./rename-recipe.ts";

/** Answers until the connection ends. */
export function serveLanguage(connection: Connection, shelf: ModelShelf): void {
  const documents = new TextDocuments(TextDocument);
  const open = openRecipes(documents);
  connection.onInitialize(() => abilities);
  documents.onDidOpen(() => void shelf.read());
  documents.onDidChangeContent(({ document }) => {
    const { uri, version } = document;
    const recipe = open.at(uri);
    const diagnostics = recipe === undefined ? [] : [...diagnose(recipe)];
    void connection.sendDiagnostics({ uri, version, diagnostics });
  });
  documents.onDidClose(
    ({ document: { uri } }) => void connection.sendDiagnostics({ uri, diagnostics: [] }),
  );
  connection.onCompletion((asked) => {
    const place = open.place(asked);
    return place && [...complete(place.recipe, place.offset, shelf.known())];
  });
  connection.onHover((asked) => {
    const place = open.place(asked);
    const pointed = place && pointAt(place.recipe.text, place.offset);
    return pointed && hover(pointed);
  });
  connection.onCodeAction(({ context, textDocument }) =>
    quickFixes(context.diagnostics, textDocument.uri),
  );
  connection.onDocumentSymbol(({ textDocument }) => {
    const recipe = open.at(textDocument.uri);
    return recipe && outline(recipe);
  });
  connection.onDefinition((asked) => {
    const place = open.place(asked);
    return place && goToRecipe(place.recipe, place.offset);
  });
  connection.onReferences((asked) => {
    const place = open.place(asked);
    return place && findMentions(place.recipe, place.offset).map(toLocation);
  });
  connection.onPrepareRename((asked) => {
    const place = open.place(asked);
    return place && nameToChange(place.recipe, place.offset);
  });
  connection.onRenameRequest((asked) => {
    const place = open.place(asked);
    if (place === undefined) return undefined;
    const renaming = renameRecipe(place.recipe, place.offset, asked.newName);
    if (renaming.kind === "edits") return { changes: renaming.changes };
    return new ResponseError<void>(ErrorCodes.InvalidRequest, renaming.why);
  });
  connection.onDocumentLinks(({ textDocument }) => {
    const recipe = open.at(textDocument.uri);
    return recipe && linkFiles(recipe, lookAt);
  });
  connection.onFoldingRanges(({ textDocument }) => fold(open.at(textDocument.uri)?.text ?? ""));
  documents.listen(connection);
  connection.listen();
}

const abilities: InitializeResult = {
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: { triggerCharacters: [" ", "{", "[", "#"] },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: ["quickfix"] },
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    documentLinkProvider: {},
  },
};
