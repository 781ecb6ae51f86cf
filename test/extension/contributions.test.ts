// What the editor is given as files: snippets, how Enter and brackets behave, the icon of recipes.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
const { commands, languages, snippets } = read("package.json").contributes;
const configuration = read("extension/language-configuration.json");

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

/** The text of a snippet with what its tab stops hold at first. */
function written({ body }: Snippet): string {
  return body
    .join("\n")
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, "$1")
    .replace(/\$\{\d+:([^}]*)\}/g, "$1")
    .replace(/\$\d/g, "");
}

const all: readonly Snippet[] = Object.values(read(snippets[0].path));

it.each(all)("the snippet $prefix is a recipe as it stands", (snippet) => {
  const text = written(snippet);
  const needsPrompt = !/^prompt:/m.test(text);
  const [before, behind] = text.startsWith("---")
    ? ["prompt: a\nname: dawn\n", ""]
    : ["", needsPrompt ? "prompt: a\n" : ""];
  const { problems, recipes } = parseRecipes(
    `${before}${text}${behind}`,
    "/r.frecas",
    () => undefined,
  );
  expect(problems.map(({ message }) => message)).toEqual([]);
  expect(recipes.length).toBeGreaterThan(0);
  expect(text).not.toContain("$");
});

it("no two snippets have one prefix", () =>
  expect(new Set(all.map(({ prefix }) => prefix)).size).toBe(all.length));

it("the language's files are there", () => {
  const [{ icon, configuration: path }] = languages;
  for (const file of [icon.light, icon.dark, path]) expect(existsSync(join(root, file))).toBe(true);
  for (const file of [icon.light, icon.dark])
    expect(readFileSync(join(root, file), "utf8")).toMatch(/^<svg[^>]*viewBox="0 0 16 16"/);
});

/** What Enter writes at the end of a line: text after the indentation of its own, or one step deeper. */
function onEnter(before: string, after = ""): string {
  const rule = configuration.onEnterRules.find(
    ({ beforeText, afterText = "" }: Readonly<Record<string, string>>) =>
      new RegExp(beforeText ?? "").test(before) && new RegExp(afterText).test(after),
  );
  if (rule !== undefined) return rule.action.appendText;
  return new RegExp(configuration.indentationRules.increaseIndentPattern).test(before)
    ? "deeper"
    : "";
}

it("Enter goes deeper behind a key without a value, and on with a list", () => {
  const cases = [
    ["stages:", "deeper"],
    ["prompt: | # text", "deeper"],
    ["prompt: >-", "deeper"],
    ["  - { size: 512, steps: 3 }", "- "],
    ["  - size: 512", "  "],
    ["  - stages:", "deeper"],
    ["size: 512", ""],
    ["prompt: a lake at: dawn", ""],
    ["# a comment", ""],
  ] as const;
  for (const [line, expected] of cases) expect([line, onEnter(line)]).toEqual([line, expected]);
  expect(onEnter("# a comment", "that goes on")).toBe("# ");
});

it.each(commands as Readonly<Record<string, string>>[])(
  "$command has a title, an icon, and says when it can be run",
  ({ title, category, icon, enablement }) => {
    expect(title).toMatch(/^[A-Z]/);
    expect(category).toBe("FreCaS");
    expect(icon).toMatch(/^\$\([a-z-]+\)$/);
    expect(enablement).toMatch(/./);
  },
);
