// Problems that come in company: good documents beside broken ones, circles, and equal names.
import { expect, it } from "vitest";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";

/** Names of the recipes that remain, and each problem as "code line: column", counted from 0. */
function check(text: string, names: readonly string[], problems: readonly string[]): void {
  const parsed = parseRecipes(text, "/recipes/dawn.frecas", () => undefined);
  const shown = parsed.problems.map(
    ({ code, range: { start } }) => `${code} ${start.line}:${start.column}`,
  );
  expect(shown).toEqual(problems);
  expect(parsed.recipes.map((recipe) => recipe.name)).toEqual(names);
}

const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  [
    "keeps good documents beside broken ones",
    "prompt: a\n---\nprompt: [\n---\nprompt: c\nseed: x\n---\nprompt: d",
    ["dawn", "dawn-4"],
    ["yaml-syntax 3:0", "unknown-word 5:6"],
  ],
  [
    "finds a circle wherever it is entered",
    "name: a\nextends: b\n---\nname: b\nextends: a\n---\nname: c\nextends: a",
    [],
    ["extends-cycle 1:9", "extends-cycle 4:9", "extends-broken 7:9"],
  ],
  [
    "tells a base's mistake once in the base and once where it is inherited",
    "name: a\nprompt: x\nseed: -1\n---\nextends: a\n---\nextends: a\nseed: 2",
    ["dawn-2"],
    ["bad-value 2:6", "extends-broken 4:9"],
  ],
  [
    "wants unique names",
    "name: a\nprompt: x\n---\nprompt: y\nname: a",
    ["a"],
    ["duplicate-name 4:6"],
  ],
  [
    "wants swept names to be unique as well",
    "prompt: x\nsweep: {seed: [1, 2]}\n---\nname: dawn-2\nprompt: y",
    ["dawn-1", "dawn-2"],
    ["duplicate-name 3:6"],
  ],
  ["counts lines over Windows line ends", "prompt: x\r\n\r\nsede: 3\r\n", [], ["unknown-key 2:0"]],
  ["counts a byte order mark as a letter", "﻿sede: 3\nprompt: x", [], ["unknown-key 0:1"]],
  [
    "tells of every mistake in one document",
    "seed: -1\ngamma: 0\nsize: 9\nprompt: x",
    [],
    ["bad-value 0:6", "bad-value 1:7", "size-not-multiple 2:6"],
  ],
  [
    "tells of mistakes in changes beside one that is none",
    "prompt: x\ncompare:\n  - direct\n  - sede: 3\n  - gamma: 0",
    [],
    ["bad-value 2:4", "unknown-key 3:4", "bad-value 4:11"],
  ],
  [
    "warns, and still gives the recipe",
    "prompt: x\nmethod: direct\ngamma: 2\nattention_reuse: 1",
    ["dawn"],
    ["no-effect 2:0", "no-effect 3:0"],
  ],
  [
    "stops at a long way of extends",
    Array.from(
      { length: 70 },
      (_, i) => `name: r${i}\n${i > 0 ? `extends: r${i - 1}` : "prompt: x"}`,
    ).join("\n---\n"),
    Array.from({ length: 65 }, (_, i) => `r${i}`),
    Array.from({ length: 5 }, (_, i) => `extends-too-long ${(65 + i) * 3 + 1}:9`),
  ],
];

it.each(cases)("%s", (_, text, names, problems) => check(text, names, problems));

it("wants prompt and prompts not both", () => {
  const { problems } = parseRecipes("prompt: x\nprompts: y", "/r/a.frecas", () => "y");
  expect(problems.map(({ code, range }) => [code, range.start.line])).toEqual([
    ["prompt-twice", 1],
  ]);
});
