// The stages of the preset written into the recipe at the cursor, ‸, by the model that is in the checkout.
import { join } from "node:path";
import { expect, it } from "vitest";
import { readModelText } from "../../daemon/base/read-text.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { recipeAround } from "../../extension/server/planned-values.ts";
import { writeStages } from "../../extension/server/write-stages.ts";
import { applied, atCursor, recipeOf } from "./recipe-text.ts";

const vista = readModel(join(import.meta.dirname, "../../media/models/vista"), readModelText);

/** The text once the action is taken; undefined where there is none. */
function check(marked: string, expected: string | undefined): void {
  const { text, offset } = atCursor(marked);
  const recipe = recipeAround(recipeOf(text), offset);
  const action = recipe && writeStages(recipeOf(text), "file:///r.frecas", recipe, vista);
  const [edit] = action?.edit?.changes?.["file:///r.frecas"] ?? [];
  if (edit === undefined) {
    expect(expected).toBeUndefined();
    return;
  }
  const written = applied(text, [edit]);
  expect(written).toBe(expected);
  const { problems } = parseRecipes(written, "/r.frecas", () => undefined);
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

it("they take the place of those that are written, for the same size", () => {
  check(
    "prompt: a‸\nstages: # mine\n  - { size: 256, steps: 3 } # one\nseed: 1\n",
    `prompt: a\n${stages.replace(":", ": # mine")} # one\nseed: 1\n`,
  );
  check(
    "prompt: a‸\nstages: [{ size: 128, steps: 3, until: 9 }, { size: 256, steps: 1 }]\nseed: 1\n",
    "prompt: a\nstages: [{ size: 128, steps: 30, until: 100 }, { size: 256, steps: 12 }]\nseed: 1\n",
  );
  check(
    "prompt: a‸\nstages:\n- size: 128\n  steps: 3\n  until: 9\n- size: 256\n  steps: 1\n",
    `prompt: a\n${stages.replace(/^ {2}/gm, "")}\n`,
  );
  check(
    "prompt: a‸\nstages:\n- size: 128\n  steps: 3 # why\n  until: 9\n- size: 256\n  steps: 1\n",
    undefined,
  );
});

it("there is nothing to write where they are the preset's, where there are none to have, or in braces", () => {
  check(`prompt: a‸\n${stages}\n`, undefined);
  check(
    `name: a\nprompt: x\nstages: [{ size: 8, steps: 1 }]\n---\nname: b\nextends: a‸\n`,
    undefined,
  );
  check("prompt: a‸\nmethod: direct\n", undefined);
  check("{ prompt: a‸ }\n", undefined);
  check("prompt: a‸\nsize: no\n", undefined);
});
