// The outline of a file, and what of it can be folded.
import { expect, it } from "vitest";
import type { DocumentSymbol } from "vscode-languageserver";
import { fold } from "../../extension/server/fold.ts";
import { outline } from "../../extension/server/outline.ts";
import { recipeOf } from "./recipe-text.ts";

const file = `# What this is:
# two recipes.
prompt: a lake
size: 512
---
name: wide
extends: dawn
stages:
  - { size: 512, steps: 3, until: 100 }
  - size: 1024
    steps: 5
`;

function show({ name, detail = "", range, children = [] }: DocumentSymbol): readonly string[] {
  const inner = children.flatMap(show).map((line) => `  ${line}`);
  return [`${name} ${detail} ${range.start.line}–${range.end.line}`, ...inner];
}

it("the outline has each recipe with its keys", () =>
  expect(outline(recipeOf(file)).flatMap(show)).toEqual([
    "dawn  2–3",
    "  prompt a lake 2–2",
    "  size 512 3–3",
    "wide  5–10",
    "  name wide 5–5",
    "  extends dawn 6–6",
    "  stages a list of 2 7–10",
  ]));

it("every symbol holds the place that it is selected by", () => {
  for (const text of [file, "prompt: a: b\nname: x", "- a", "name:\nprompt: a\n", '"": 3\n', "{"])
    for (const symbol of outline(recipeOf(text)).flatMap((one) => [one, ...(one.children ?? [])])) {
      const { range, selectionRange } = symbol;
      expect(symbol.name).not.toBe("");
      const place = ({ line, character }: { line: number; character: number }) =>
        line * 1000 + character;
      expect(place(range.start)).toBeLessThanOrEqual(place(selectionRange.start));
      expect(place(range.end)).toBeGreaterThanOrEqual(place(selectionRange.end));
    }
});

it("recipes, values of several lines and comments can be folded", () =>
  expect(
    fold(recipeOf(file)).map(({ startLine, endLine, kind }) => [startLine, endLine, kind]),
  ).toEqual([
    [0, 1, "comment"],
    [2, 3, undefined],
    [5, 10, undefined],
    [7, 10, undefined],
    [9, 10, undefined],
  ]));
