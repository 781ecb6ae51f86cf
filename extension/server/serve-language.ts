// The Language Server Protocol → the functions that answer it. Holds the open documents and nothing else.
import { dirname } from "node:path";
import {
  type Connection,
  ErrorCodes,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { type NamesParams, namesRequest } from "../plan-request/plan-request.ts";
import { complete } from "./complete.ts";
import { findHints } from "./find-hints.ts";
import { fold } from "./fold.ts";
import { followFiles } from "./follow-files.ts";
import { formatRecipes } from "./format-recipes.ts";
import { findMentions, goToRecipe, toLocation } from "./go-to-recipe.ts";
import { hover, type Pointed, pointAt } from "./hover.ts";
import type { KnownModels } from "./known-models.ts";
import { linkFiles } from "./link-files.ts";
import { mendStages } from "./mend-stages.ts";
import { lookAt, type OpenRecipes, openRecipes, type Place } from "./open-recipes.ts";
import { outline } from "./outline.ts";
import { recipeAround } from "./planned-values.ts";
import { cascadesAt } from "./preset-cascades.ts";
import { quickFixes } from "./quick-fixes.ts";
import { namesIn } from "./recipe-names.ts";
import type { RememberedPlans } from "./remember-plans.ts";
import type { rememberTokenizers } from "./remember-tokenizers.ts";
import { nameToChange, renameRecipe } from "./rename-recipe.ts";
import { type Worth, worthOf } from "./worth.ts";
import { writeStages } from "./write-stages.ts";

/** What answers come from besides the text. */
export interface Knowledge {
  readonly models: KnownModels;
  readonly plans: RememberedPlans;
  readonly tokenizer: ReturnType<typeof rememberTokenizers>;
}

/** Answers until the connection ends. */
export function serveLanguage(
  connection: Connection,
  { models, plans, tokenizer }: Knowledge,
): void {
  const documents = new TextDocuments(TextDocument);
  const open = openRecipes(documents);
  connection.onInitialize(() => abilities);
  followFiles({ connection, documents, open, models, plans });
  connection.onRequest(namesRequest, ({ uri }: NamesParams) => {
    const recipe = open.find(uri);
    return recipe === undefined ? [] : namesIn(recipe);
  });
  connection.onCompletion(async (asked) => {
    const place = open.place(asked);
    if (place === undefined) return undefined;
    const { recipe, offset } = place;
    const cascades = await cascadesAt(recipe, offset, models);
    return [...complete(recipe, offset, { models: models.choices(), cascades })];
  });
  connection.onHover(async (asked) => {
    const place = open.place(asked);
    const pointed = place && pointAt(place.recipe, place.offset);
    return pointed && hover(pointed, await worthAt(pointed, place, { models, plans }));
  });
  connection.onCodeAction(async ({ context, textDocument, range }) => {
    const place = open.place({ textDocument, position: range.start });
    const stages = place && (await stagesAt(place, textDocument.uri, models));
    const fixes = quickFixes(context.diagnostics, textDocument.uri);
    const cascades = place && mendStages(place.recipe, context.diagnostics, textDocument.uri);
    return [...(cascades ?? []), ...fixes, ...(stages === undefined ? [] : [stages])];
  });
  connection.onDocumentSymbol(({ textDocument }) => {
    const recipe = open.at(textDocument.uri);
    return recipe && outline(recipe);
  });
  answerNames(connection, open);
  connection.onDocumentLinks(({ textDocument }) => {
    const recipe = open.at(textDocument.uri);
    return recipe && linkFiles(recipe, lookAt);
  });
  connection.onFoldingRanges(({ textDocument }) => {
    const recipe = open.at(textDocument.uri);
    return recipe && fold(recipe);
  });
  connection.languages.inlayHint.on(({ textDocument, range }) => {
    const recipe = open.at(textDocument.uri);
    return recipe && findHints(recipe, range, { plans, models, tokenizer });
  });
  connection.onDocumentFormatting(({ textDocument: { uri } }) => {
    const [recipe, document] = [open.at(uri), documents.get(uri)];
    if (recipe === undefined || document === undefined) return undefined;
    return formatRecipes(recipe).map(({ start, end, newText }) => {
      return {
        range: { start: document.positionAt(start), end: document.positionAt(end) },
        newText,
      };
    });
  });
  documents.listen(connection);
  connection.listen();
}

/** Where a recipe is named, and who refers to it. */
function answerNames(connection: Connection, open: OpenRecipes): void {
  connection.onDefinition((asked) => {
    const place = open.place(asked);
    return place && goToRecipe(place.recipe, place.offset);
  });
  connection.onReferences((asked) => {
    const place = open.place(asked);
    if (place === undefined) return undefined;
    const { recipe, offset } = place;
    return findMentions(recipe, offset).map((mention) => toLocation(mention, recipe));
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
}

async function worthAt(
  pointed: Pointed,
  place: Place,
  { models, plans }: Pick<Knowledge, "models" | "plans">,
): Promise<Worth> {
  const planned = await modelAt(place, models);
  if (planned === undefined) return {};
  const outcome = await plans.plan(planned.around, dirname(place.recipe.file));
  const plan = outcome.kind === "planned" ? outcome.plan : undefined;
  return worthOf(pointed, planned.around, planned.config, plan);
}

async function stagesAt(place: Place, uri: string, models: KnownModels) {
  const planned = await modelAt(place, models);
  return planned && writeStages(place.recipe, uri, planned.around, planned.config);
}

/** The recipe around a place with its model's configs. */
async function modelAt({ recipe, offset }: Place, models: KnownModels) {
  const around = recipeAround(recipe, offset);
  const config = around && (await models.configOf(around, dirname(recipe.file)));
  return around === undefined || config === undefined ? undefined : { around, config };
}

const abilities: InitializeResult = {
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: { triggerCharacters: [" ", "{", "[", "#"] },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: ["quickfix", "refactor.rewrite"] },
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    documentLinkProvider: {},
    inlayHintProvider: true,
    documentFormattingProvider: true,
  },
};
