// A recipe file in its usual form. Only white space changes; comments and everything that is read stay.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Lexer } from "yaml";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { applyEdits, formatRecipes } from "../../extension/server/format-recipes.ts";
import { recipeOf } from "./recipe-text.ts";

function format(text: string): string {
  return applyEdits(text, formatRecipes(recipeOf(text)));
}

function check(text: string, expected: string): void {
  expect(format(text)).toBe(expected);
  expect(format(expected)).toBe(expected);
}

it("one space stands behind a colon, none at the end of a line", () => {
  check("prompt:    a lake  \nseed : 7\n", "prompt: a lake\nseed: 7\n");
  check('"prompt":a\n', '"prompt":a\n');
});

it("braces have spaces inside, brackets have none", () => {
  check(
    "stages:\n  - {size: 8,steps:   1 }\n  - {  size: 16 , steps: 2}\n",
    "stages:\n  - { size: 8, steps: 1 }\n  - { size: 16, steps: 2 }\n",
  );
  check("sweep: {seed: [ 1,2 ,3 ], gamma: []}\n", "sweep: { seed: [1, 2, 3], gamma: [] }\n");
});

it("each key's lines stand two spaces deeper", () => {
  check(
    "stages:\n- size: 8\n  steps: 1\n-   size: 16\n    steps: 2\n",
    "stages:\n  - size: 8\n    steps: 1\n  - size: 16\n    steps: 2\n",
  );
  check(
    "frequency_guidance:\n      high: 3\n      low: 1\n",
    "frequency_guidance:\n  high: 3\n  low: 1\n",
  );
  check("  prompt: a\n  size: 8\n", "prompt: a\nsize: 8\n");
});

it("comments stay beside what they are about", () => {
  check(
    "# whole\nstages:\n# of the first\n- { size: 8 } # behind\n    # deep\nseed: 1\n   # last\n",
    "# whole\nstages:\n  # of the first\n  - { size: 8 } # behind\n  # deep\nseed: 1\n# last\n",
  );
});

it("texts of several lines keep their words, their own indentation and their blank lines", () => {
  check(
    "prompt: |\n    a lake\n      deeper\n\n\n    at dawn\nseed: 1\n",
    "prompt: |\n  a lake\n    deeper\n\n\n  at dawn\nseed: 1\n",
  );
  check("prompt: |2\n    a\nseed:  1\n", "prompt: |2\n    a\nseed: 1\n");
  check("prompt: |+\n  a\n\n\n---\nname:  b\n", "prompt: |+\n  a\n\n\n---\nname: b\n");
  check(
    'prompt: "a\n   b  c"\nnegative:  x\n    y\n',
    'prompt: "a\n   b  c"\nnegative: x\n    y\n',
  );
  check("prompt:\n      a lake\n      at dawn\n", "prompt:\n  a lake\n  at dawn\n");
});

it("no blank lines stand beside a mark and at the file's ends, one at most elsewhere", () => {
  check(
    "\n\nprompt: a\n\n\n\nseed: 1\n\n\n---  \n\nname: b\n\n",
    "prompt: a\n\nseed: 1\n---\nname: b\n",
  );
  check("prompt: a", "prompt: a\n");
  check("", "");
});

it("carriage returns stay", () =>
  check("prompt:   a\r\n\r\n---\r\nseed: 1", "prompt: a\r\n---\r\nseed: 1\r\n"));

it("a text with mistakes of YAML is not touched", () => {
  for (const text of [
    "prompt:  a: b\n",
    "prompt: [a\n",
    "a:   1\n---\n'\n",
    "a:  1\rb: 2",
    "\ta: 1  \n",
  ])
    check(text, text);
});

it("what is refused by the language alone is formatted", () => check("sede:  1\n", "sede: 1\n"));

const lines = [
  "prompt:   a lake",
  "seed : 7   # lucky",
  "stages:",
  "- {size: 8,steps: 1}",
  "  -   { size: 16 , steps: 2}   # b",
  "   - size: 8",
  "     steps: 3",
  "prompt: |",
  "prompt: >-",
  "prompt: |+",
  "    text in a block",
  "      deeper",
  "  at two",
  "  # a comment at two",
  "# a comment",
  "      # a deep comment",
  "",
  "   ",
  "---",
  "---   ",
  'negative: "one',
  '  two"',
  "sweep: {seed: [ 1,2 ]}",
  "compare: [",
  "  { method:  direct },",
  "]",
  "- a",
  "frequency_guidance:",
  "    high:  3",
  "    low: 1",
];
const texts = fc
  .tuple(fc.array(fc.constantFrom(...lines), { maxLength: 12 }), fc.constantFrom("\n", "\r\n"))
  .map(([rows, end]) => rows.join(end));

it("the recipes, the problems and all comments are the same afterwards", () => {
  let formatted = 0;
  const read = (text: string) => {
    const { recipes, problems } = parseRecipes(text, "/r.frecas", () => undefined);
    return {
      recipes: recipes.map(({ source }) => source),
      problems: problems.map(({ code }) => code).sort(),
      comments: [...new Lexer().lex(text)]
        .filter((one) => one.startsWith("#"))
        .map((one) => one.trim()),
    };
  };
  fc.assert(
    fc.property(texts, (text) => {
      const result = format(text);
      expect(read(result)).toEqual(read(text));
      expect(result.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      if (result !== text) formatted += 1;
    }),
    { numRuns: 400 },
  );
  expect(formatted).toBeGreaterThan(50);
});

it("formatting twice changes nothing more", () =>
  fc.assert(
    fc.property(texts, (text) => {
      const once = format(text);
      expect(format(once)).toBe(once);
    }),
    { numRuns: 400 },
  ));
