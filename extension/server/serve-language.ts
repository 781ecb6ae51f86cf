// The Language Server Protocol → the functions that answer it. Holds the open documents and nothing else.
import {
  type Connection,
  type InitializeResult,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { readText } from "../../daemon/base/read-text.ts";
import { complete } from "./complete.ts";
import { diagnose } from "./diagnose.ts";
import { toPath, toUri } from "./file-uri.ts";
import { fold } from "./fold.ts";
import { hover, pointAt } from "./hover.ts";
import type { ModelShelf } from "./model-shelf.ts";
import { outline } from "./outline.ts";
import { quickFixes } from "./quick-fixes.ts";
import type { RecipeText } from "./recipe-text.ts";

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
  },
};

/** Open documents as the functions want them: other open files are read as they stand in the editor. */
function openRecipes(documents: TextDocuments<TextDocument>) {
  const readOpen = (path: string): string | undefined =>
    documents.get(toUri(path))?.getText() ?? readText(path);
  const at = (uri: string): RecipeText | undefined => {
    const text = documents.get(uri)?.getText();
    return text === undefined ? undefined : { text, file: toPath(uri), readText: readOpen };
  };
  const place = ({ textDocument: { uri }, position }: TextDocumentPositionParams) => {
    const recipe = at(uri);
    const offset = documents.get(uri)?.offsetAt(position);
    return recipe === undefined || offset === undefined ? undefined : { recipe, offset };
  };
  return { at, place };
}
