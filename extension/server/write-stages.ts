// Writes out the stages that the model's preset gives to the recipe under the cursor, so that they can be changed.
import type { CodeAction, TextEdit } from "vscode-languageserver";
import { Failure } from "../../daemon/base/failure.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { chooseSettings } from "../../daemon/plan/choose-settings.ts";
import { positionsOf } from "../../daemon/recipe/positions.ts";
import type { Recipe, StageRecipe } from "../../daemon/recipe/recipe.ts";
import { writeSize } from "../../daemon/recipe/value-schemas.ts";
import { toLspRange } from "./lsp-range.ts";

/** Undefined where the recipe has stages, is not a cascade, is written in braces, or does not fit the model. */
export function writeStages(
  text: string,
  uri: string,
  recipe: Recipe,
  model: ModelConfig,
): CodeAction | undefined {
  const isInBraces = text.charAt(recipe.range.start.offset) === "{";
  const isCascade = (recipe.method ?? "frecas") === "frecas";
  if (recipe.stages !== undefined || !isCascade || isInBraces) return undefined;
  const stages = stagesOf(recipe, model);
  if (stages.length === 0) return undefined;
  const edit: TextEdit = {
    range: toLspRange(positionsOf(text).range(...endOfLine(text, recipe.range.end.offset))),
    newText: writeBlock(stages, " ".repeat(recipe.range.start.column)),
  };
  return {
    title: "Write the stages of the model's preset",
    kind: "refactor.rewrite",
    edit: { changes: { [uri]: [edit] } },
  };
}

function stagesOf(recipe: Recipe, model: ModelConfig): readonly StageRecipe[] {
  try {
    return chooseSettings(recipe, model).settings.stages;
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

function writeBlock(stages: readonly StageRecipe[], indent: string): string {
  const lines = stages.map(({ size, steps, until }, index) => {
    const isLast = index === stages.length - 1;
    const end = isLast ? "" : `, until: ${until}`;
    return `\n${indent}  - { size: ${writeSize(size)}, steps: ${steps}${end} }`;
  });
  return `\n${indent}stages:${lines.join("")}`;
}
