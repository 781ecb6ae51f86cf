// What is told of a recipe, and the fixes that are offered for it.
import { expect, it } from "vitest";
import { badInputPicture, invalidRecipe } from "../../daemon/base/failure.ts";
import type { Problem } from "../../daemon/base/problem.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { diagnose } from "../../extension/server/diagnose.ts";
import { quickFixes } from "../../extension/server/quick-fixes.ts";
import { recipeOf } from "./recipe-text.ts";

/** A machine that has every model, none of which demofusion is for, and no other file. */
const machine = {
  models: { check: async (): Promise<readonly Problem[]> => [] },
  plans: {
    plan: async ({ method, init }: Recipe) => {
      if (init !== undefined)
        return { kind: "refused", failure: badInputPicture(init.image, "must", "none") } as const;
      const why = method === "demofusion" ? "method: demofusion is for others" : "memory: …";
      return { kind: "refused", failure: invalidRecipe(why) } as const;
    },
  },
  isStale: () => false,
};

/** Line, column, severity (1 error, 2 warning) and code of each diagnostic, then the title of its fix. */
function check(text: string, expected: readonly string[]): void {
  const shown = diagnose(recipeOf(text), machine).ofText.map((diagnostic) => {
    const { line, character } = diagnostic.range.start;
    const titles = quickFixes([diagnostic], "file:///r.frecas").map(({ title }) => ` ${title}`);
    return `${line}:${character} ${diagnostic.severity} ${diagnostic.code}${titles}`;
  });
  expect(shown).toEqual(expected);
}

it("a recipe without a mistake has none", () => check("prompt: a lake\n", []));

it("a mistake has its place and its fix", () =>
  check("prompt: a lake\nsede: 5\n", ["1:0 1 unknown-key Write seed"]));

it("a doubt is a warning", () =>
  check("prompt: a\nstages: [{ size: 64, steps: 1 }]\ngamma: 3\n", ["2:0 2 no-effect"]));

it("columns count UTF-16 units", () =>
  check("init: { image: 🦉, form: 3 }\nprompt: a", ["0:19 1 unknown-key Write from"]));

it("a fix replaces the range that it is for", () => {
  const [diagnostic] = diagnose(recipeOf("prompt: a\nsede: 5"), machine).ofText;
  if (diagnostic === undefined) throw new Error("nothing is told");
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
  expect(quickFixes([diagnostic], "file:///r.frecas")).toEqual([
    expect.objectContaining({
      kind: "quickfix",
      isPreferred: true,
      edit: { changes: { "file:///r.frecas": [{ range, newText: "seed" }] } },
    }),
  ]);
});

it("diagnostics of others get no fix", () => {
  const [diagnostic] = diagnose(recipeOf("prompt: a\nsede: 5"), machine).ofText;
  if (diagnostic === undefined) throw new Error("nothing is told");
  expect(quickFixes([{ ...diagnostic, source: "spelling" }], "file:///r.frecas")).toEqual([]);
});

async function checkWhole(text: string, expected: readonly string[], isStale = false) {
  const { whole } = diagnose(recipeOf(text), { ...machine, isStale: () => isStale });
  const shown = (await whole).map(({ range, severity, message }) => {
    const { line, character } = range.start;
    return `${line}:${character} ${severity} ${message}`;
  });
  expect(shown).toEqual(expected);
}

it("a method that does not fit the model is an error at the method", () =>
  checkWhole("prompt: a\nmethod: demofusion\n", ["1:8 1 method: demofusion is for others"]));

it("a picture that is not here is a warning at the key that names it", () =>
  checkWhole("prompt: a\ninit: { image: /none.png }\n", [
    expect.stringMatching(/^1:6 2 picture \/none\.png: /),
  ]));

it("a change to it is a warning, for comparing leaves it out", () =>
  checkWhole("prompt: a\ncompare: [{ method: demofusion }]\n", [
    "1:20 2 method: demofusion is for others",
  ]));

it("a refusal that is about no key is none of the text", () => checkWhole("prompt: a\n", []));

it("a text that has changed meanwhile is not planned", () =>
  checkWhole("prompt: a\nmethod: demofusion\n", [], true));
