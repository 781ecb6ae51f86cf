// Recipes that extend each other: where a name leads, who refers to it, and what a new name changes.
import { expect, it } from "vitest";
import { findMentions, goToRecipe } from "../../extension/server/go-to-recipe.ts";
import { nameToChange, renameRecipe } from "../../extension/server/rename-recipe.ts";
import { atCursor, recipeOf } from "./recipe-text.ts";

const files = {
  "/recipes/base.frecas": "name: calm\nprompt: a lake\n",
  "/recipes/other.frecas": "extends: dawn.frecas#evening\nname: far\n",
};

function open(marked: string) {
  const { text, offset } = atCursor(marked);
  return { recipe: recipeOf(text, files), offset, text };
}

/** The file and the line, counted from 0, that the name under the cursor leads to. */
function leadsTo(marked: string, expected: string | undefined): void {
  const { recipe, offset } = open(marked);
  const found = goToRecipe(recipe, offset);
  const shown = found && `${found.uri.split("/").at(-1)} ${found.range.start.line}`;
  expect(shown).toBe(expected);
}

/** The text, and that of other files, once the name under the cursor is `wanted`; or why not. */
function rename(marked: string, wanted: string): readonly string[] | string {
  const { recipe, offset, text } = open(marked);
  const renaming = renameRecipe(recipe, offset, wanted);
  if (renaming.kind === "refused") return renaming.why;
  return Object.entries(renaming.changes).map(([uri, edits]) => {
    const path = uri.replace("file://", "");
    const lines = (path === recipe.file ? text : (recipe.readText(path) ?? "")).split("\n");
    for (const { range, newText } of edits) {
      const line = lines[range.start.line] ?? "";
      lines[range.start.line] =
        line.slice(0, range.start.character) + newText + line.slice(range.end.character);
    }
    return lines.join("\n");
  });
}

it("extends leads to the recipe's name, above or below", () => {
  leadsTo("name: a\nprompt: x\n---\nname: b\nextends: ‸a\n", "dawn.frecas 0");
  leadsTo('name: b\nextends: "a‸"\n---\n# a\nname: a\nprompt: x\n', "dawn.frecas 4");
});

it("extends leads into other files, from the path too", () => {
  leadsTo("extends: base.fre‸cas#calm\n", "base.frecas 0");
  leadsTo("extends: base.frecas#ca‸lm\n", "base.frecas 0");
});

it("a recipe without a name is found at its first line", () =>
  leadsTo("# one\nprompt: x\n---\nname: b\nextends: da‸wn\n", "dawn.frecas 1"));

it("what is no name, or is nowhere, leads nowhere", () => {
  leadsTo("name: a\nprompt: ‸x\n", undefined);
  leadsTo("extends: now‸here\nprompt: x\n", undefined);
  leadsTo("extends: absent.frecas#‸a\n", undefined);
  leadsTo("ext‸ends:\n", undefined);
});

it("a recipe knows who extends it, in other files too", () => {
  const { recipe, offset } = open("name: even‸ing\nprompt: x\n---\nextends: evening\nname: b\n");
  expect(findMentions(recipe, offset).map((one) => [one.in, one.kind])).toEqual([
    ["/recipes/dawn.frecas", "name"],
    ["/recipes/dawn.frecas", "reference"],
    ["/recipes/other.frecas", "reference"],
  ]);
});

it("a new name is written wherever the recipe is meant", () =>
  expect(
    rename("name: evening\nprompt: evening\n---\nextends: even‸ing\nname: b\n", "night"),
  ).toEqual([
    "name: night\nprompt: evening\n---\nextends: night\nname: b\n",
    "extends: dawn.frecas#night\nname: far\n",
  ]));

it("quotes and paths stay around a new name", () =>
  expect(rename("extends: 'base.frecas#‸calm'\n", "still")).toEqual([
    "extends: 'base.frecas#still'\n",
    "name: still\nprompt: a lake\n",
  ]));

it("a name that cannot be is refused with a reason", () => {
  const two = "name: a‸\nprompt: x\n---\nname: b\nprompt: y\n";
  expect(rename(two, "b")).toMatch(/must be unique in the file, got b a second time/);
  expect(rename(two, "b c")).toMatch(/must be a word of letters/);
  expect(rename("prompt: x\n---\nname: b\nextends: ‸dawn\n", "c")).toMatch(/write name: dawn/);
  expect(rename("extends: nowhe‸re\n", "c")).toMatch(/correct extends first/);
  expect(rename("prompt: ‸x\n", "c")).toMatch(/put it on one/);
});

it("the letters to change are the name's alone", () => {
  const { recipe, offset } = open('extends: "base.frecas#ca‸lm"\n');
  expect(nameToChange(recipe, offset)).toMatchObject({
    start: { character: 22 },
    end: { character: 26 },
  });
});
