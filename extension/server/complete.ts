// What can be written at the cursor: keys, words that are values, names of recipes and of models.
import type { CompletionItem, TextEdit } from "vscode-languageserver";
import type { Range } from "../../daemon/base/problem.ts";
import { KEYS, type Key, type KeyName } from "../../daemon/recipe/keys.ts";
import { positionsOf } from "../../daemon/recipe/positions.ts";
import { quoteWhereNeeded } from "../../daemon/recipe/quote.ts";
import type { StageRecipe } from "../../daemon/recipe/recipe.ts";
import { writeSize } from "../../daemon/recipe/value-schemas.ts";
import { completeKeys } from "./complete-keys.ts";
import { findSpot } from "./find-spot.ts";
import { toLspRange } from "./lsp-range.ts";
import { hasFields, isList, meaningOf, scopeOf } from "./meaning.ts";
import type { Proposal } from "./proposal.ts";
import { namesToExtend } from "./recipe-names.ts";
import type { RecipeText } from "./recipe-text.ts";
import { exampleSnippet } from "./snippets.ts";
import type { Spot } from "./spot.ts";
import { writeStage } from "./write-stages.ts";

/** A model that can be proposed. */
export interface ModelChoice {
  readonly name: string;
  /** A few words: its family and size. */
  readonly detail: string;
}

/** What this machine adds to the table of keys. */
export interface Choices {
  /** Those known so far. */
  readonly models: readonly ModelChoice[];
  /** What the presets of the recipe's model have for `stages`, where these are being written. */
  readonly cascades: readonly (readonly StageRecipe[])[];
}

/** In the order in which the editor should show them. */
export function complete(
  recipe: RecipeText,
  offset: number,
  choices: Choices,
): readonly CompletionItem[] {
  const spot = findSpot(recipe.text, offset);
  if (spot === undefined) return [];
  const range = wordRange(recipe.text, spot.start, offset);
  const proposals = [...keysAt(spot, recipe.text), ...valuesAt(spot, recipe, choices)];
  return proposals.map(({ text, ...item }, index) => {
    const textEdit: TextEdit = { range: toLspRange(range), newText: text };
    return { ...item, textEdit, sortText: String(index).padStart(4, "0") };
  });
}

/** From the word's beginning to its end, which may lie behind the cursor. */
function wordRange(text: string, start: number, offset: number): Range {
  const behind = /^[\p{L}\p{M}\p{N}_./#-]*/u.exec(text.slice(offset))?.[0].length ?? 0;
  return positionsOf(text).range(start, offset + behind);
}

function keysAt(spot: Spot, text: string): readonly Proposal[] {
  const scope = spot.kind === "entry" ? scopeOf(spot.path) : undefined;
  return scope === undefined ? [] : completeKeys(scope, spot, text);
}

function valuesAt(
  spot: Spot,
  recipe: RecipeText,
  { models, cascades }: Choices,
): readonly Proposal[] {
  const meaning = meaningOf(spot.path);
  const isAxis = spot.path[0] === "sweep" && spot.path.length === 2;
  if (meaning === undefined || isAxis) return [];
  const { key, field } = meaning;
  if (field !== undefined) return fieldWords(key, field);
  switch (key) {
    case "extends":
      return namesToExtend(recipe, spot.start).map((name) => ({
        label: name,
        kind: KIND.reference,
        text: quoteWhereNeeded(name, spot.isInFlow),
      }));
    case "model":
      return models.map(({ name, detail }) => ({
        label: name,
        kind: KIND.file,
        detail,
        text: quoteWhereNeeded(name, spot.isInFlow),
      }));
    case "stages":
      return [
        ...cascades.map((stages) => cascade(stages, spot)),
        ...wholeValue(key, spot, meaning.isItem),
      ];
    default:
      return hasFields(key) ? wholeValue(key, spot, meaning.isItem) : words(key);
  }
}

function fieldWords(key: KeyName, field: string): readonly Proposal[] {
  const { fields }: Key = KEYS[key];
  const known = fields[field]?.words ?? [];
  return known.map((word) => ({ label: word, kind: KIND.word, text: word }));
}

function words(key: KeyName): readonly Proposal[] {
  const { words: known, default: usual }: Key = KEYS[key];
  return known.map((word) => ({
    label: word,
    kind: KIND.word,
    text: word,
    ...(usual?.split(/[:,]/)[0] === word ? { detail: "default" } : {}),
  }));
}

/** A mapping, or a list's item that is one, where nothing of it is written yet. */
function wholeValue(key: KeyName, spot: Spot, isItem: boolean): readonly Proposal[] {
  const behindKey = spot.kind === "value";
  if (!behindKey && (isItem || !isList(key))) return isItem && !spot.isInFlow ? [item(key)] : [];
  const { label, text } = exampleSnippet(key, behindKey ? "brackets" : "lines");
  return [{ label, kind: KIND.snippet, insertTextFormat: SNIPPET, text }];
}

/** All stages of a preset, in brackets behind the key and as lines below it. */
function cascade(stages: readonly StageRecipe[], { kind }: Spot): Proposal {
  const written = stages.map((stage, index) => writeStage(stage, index, stages));
  return {
    label: stages.map(({ size }) => writeSize(size)).join(" → "),
    kind: KIND.snippet,
    detail: `preset, ${stages.map(({ steps }) => steps).join(" + ")} steps`,
    text: kind === "value" ? `[${written.join(", ")}]` : `- ${written.join("\n- ")}`,
  };
}

function item(key: KeyName): Proposal {
  const { label, text } = exampleSnippet(key, "item");
  return { label, kind: KIND.snippet, insertTextFormat: SNIPPET, text };
}

/** CompletionItemKind of the protocol. */
const KIND = { word: 20, reference: 18, file: 17, snippet: 15 } as const;

/** InsertTextFormat.Snippet. */
const SNIPPET = 2;
