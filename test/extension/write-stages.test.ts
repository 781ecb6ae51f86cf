// The stages of the preset written into the recipe at the cursor, ‸, by the model that is in the checkout.
import { join } from "node:path";
import { expect, it } from "vitest";
import { readModelText } from "../../daemon/base/read-text.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { recipeAround } from "../../extension/server/planned-values.ts";
import { writeStages } from "../../extension/server/write-stages.ts";
import { atCursor, recipeOf } from "./recipe-text.ts";

const vista = readModel(join(import.meta.dirname, "../../media/models/vista"), readModelText);

/** The text once the action is taken; undefined where there is none. */
function check(marked: string, expected: string | undefined): void {
  const { text, offset } = atCursor(marked);
  const recipe = recipeAround(recipeOf(text), offset);
  const action = recipe && writeStages(text, "file:///r.frecas", recipe, vista);
  const [edit] = action?.edit?.changes?.["file:///r.frecas"] ?? [];
  if (edit === undefined) {
    expect(expected).toBeUndefined();
    return;
  }
  const { line, character } = edit.range.start;
  const lines = text.split("\n");
  const last = lines[line] ?? "";
  lines[line] = last.slice(0, character) + edit.newText + last.slice(character);
  expect(lines.join("\n")).toBe(expected);
  const { problems } = parseRecipes(lines.join("\n"), "/r.frecas", () => undefined);
  expect(problems).toEqual([]);
}

const stages = `stages:
  - { size: 128, steps: 30, until: 100 }
  - { size: 256, steps: 12 }`;

it("they stand behind the recipe's last line, its comment kept", () =>
  check("prompt: a‸\nsize: 256 # small\n", `prompt: a\nsize: 256 # small\n${stages}\n`));

it("they are written into the recipe at the cursor", () =>
  check(
    "name: a\nprompt: x‸\nsize: 256\n---\nname: b\nprompt: y\n",
    `name: a\nprompt: x\nsize: 256\n${stages}\n---\nname: b\nprompt: y\n`,
  ));

it("an indented recipe stays indented", () =>
  check("  prompt: a‸\n  size: 256", `  prompt: a\n  size: 256\n${stages.replace(/^/gm, "  ")}`));

it("there is nothing to write where there are stages, where there are none to have, or in braces", () => {
  check("prompt: a‸\nstages: [{ size: 128, steps: 3 }]\n", undefined);
  check("prompt: a‸\nmethod: direct\n", undefined);
  check("{ prompt: a‸ }\n", undefined);
  check("prompt: a‸\nsize: no\n", undefined);
});
