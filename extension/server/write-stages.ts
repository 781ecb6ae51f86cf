// Writes out the stages that the model's preset gives to the recipe under the cursor, so that they can be changed.
import { isDeepStrictEqual } from "node:util";
import type { CodeAction, TextEdit } from "vscode-languageserver";
import { Failure } from "../../daemon/base/failure.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { chooseSettings } from "../../daemon/plan/choose-settings.ts";
import { positionsOf } from "../../daemon/recipe/positions.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import type { Recipe, StageRecipe } from "../../daemon/recipe/recipe.ts";
import { writeSize } from "../../daemon/recipe/value-schemas.ts";
import { at, type Written, type WrittenDocument } from "../../daemon/recipe/written.ts";
import { toLspRange } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";

/**
 * In place of those that are written there, if any are. Undefined where they are the preset's already, where the recipe is no
 * cascade, extends one with stages, is written in braces, or does not fit the model.
 */
export function writeStages(
  { text, memory }: Pick<RecipeText, "text" | "memory">,
  uri: string,
  recipe: Recipe,
  model: ModelConfig,
): CodeAction | undefined {
  const isInBraces = text.charAt(recipe.range.start.offset) === "{";
  const isCascade = (recipe.method ?? "frecas") === "frecas";
  if (!isCascade || isInBraces) return undefined;
  const stages = presetStages(recipe, model);
  if (stages.length === 0 || isDeepStrictEqual(stages, recipe.stages)) return undefined;
  const own = ownStages(readYaml(text, memory), recipe);
  const edit =
    own === undefined ? addStages(text, recipe, stages) : replaceStages(text, own, stages);
  if (edit === undefined) return undefined;
  return {
    title: `${own === undefined ? "Write" : "Use"} the stages of the model's preset`,
    kind: "refactor.rewrite",
    edit: { changes: { [uri]: [edit] } },
  };
}

type WrittenList = Extract<Written, { kind: "list" }>;

/** Those in the recipe's own text. */
function ownStages(documents: readonly WrittenDocument[], { range }: Recipe) {
  const isThis = ({ root }: WrittenDocument): boolean =>
    root.range.start.offset === range.start.offset;
  const document = documents.find(isThis);
  const stages = document && at(document.root, ["stages"]);
  return stages?.kind === "list" ? stages : undefined;
}

function addStages(
  text: string,
  { range, stages: extended }: Recipe,
  stages: readonly StageRecipe[],
): TextEdit | undefined {
  if (extended !== undefined) return undefined;
  const indent = " ".repeat(range.start.column);
  const lines = stages.map((stage, index) => `\n${indent}  - ${writeStage(stage, index, stages)}`);
  return {
    range: toLspRange(positionsOf(text).range(...endOfLine(text, range.end.offset))),
    newText: `\n${indent}stages:${lines.join("")}`,
  };
}

/** In the form in which they are written; undefined where a comment would be lost. */
function replaceStages(
  text: string,
  { range, items }: WrittenList,
  stages: readonly StageRecipe[],
): TextEdit | undefined {
  const isInBrackets = text.charAt(range.start.offset) === "[";
  const end = isInBrackets ? range.end : (items.at(-1)?.range.end ?? range.end);
  if (/(^|\s)#/m.test(text.slice(range.start.offset, end.offset))) return undefined;
  const written = stages.map((stage, index) => writeStage(stage, index, stages));
  const between = `\n${" ".repeat(range.start.column)}- `;
  const newText = isInBrackets ? `[${written.join(", ")}]` : `- ${written.join(between)}`;
  return { range: toLspRange({ start: range.start, end }), newText };
}

/** For the size that the recipe paints now, as if it said no stages; none where it does not fit the model. */
export function presetStages(recipe: Recipe, model: ModelConfig): readonly StageRecipe[] {
  const size = recipe.size ?? recipe.stages?.at(-1)?.size;
  try {
    return chooseSettings({ ...recipe, size, stages: undefined }, model).settings.stages;
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

/** A comment behind the last value stays where it is. */
function endOfLine(text: string, offset: number): readonly [number, number] {
  const end = offset + text.slice(offset).search(/[\r\n]|$/);
  return [end, end];
}

/** `{ size: …, steps: …, until: … }`, the last one without its end. */
export function writeStage(
  { size, steps, until }: StageRecipe,
  index: number,
  { length }: readonly StageRecipe[],
): string {
  const end = index === length - 1 ? "" : `, until: ${until}`;
  return `{ size: ${writeSize(size)}, steps: ${steps}${end} }`;
}
