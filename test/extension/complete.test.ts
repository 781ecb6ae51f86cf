// What is proposed at the cursor, ‸, and what the text is once it is taken.
import { expect, it } from "vitest";
import { KEYS } from "../../daemon/recipe/keys.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { complete, type ModelChoice } from "../../extension/server/complete.ts";
import { atCursor, recipeOf } from "./recipe-text.ts";

const models: readonly ModelChoice[] = [
  { name: "vista", detail: "sd, 128 px, built-in" },
  { name: "stabilityai/sd #2", detail: "sd21, 512 px, huggingface" },
];

function propose(marked: string) {
  const { text, offset } = atCursor(marked);
  return { text, items: complete(recipeOf(text), offset, { models, cascades: [] }) };
}

/** The labels proposed, in order. */
function check(marked: string, expected: readonly string[]): void {
  expect(propose(marked).items.map(({ label }) => label)).toEqual(expected);
}

/** The text once `label` is taken, with tab stops as their first values. */
function take(marked: string, label: string): string {
  const { text, items } = propose(marked);
  const edit = items.find((item) => item.label === label)?.textEdit;
  if (edit === undefined || !("range" in edit)) throw new Error(`${label} is not proposed`);
  const lines = text.split("\n");
  const at = ({ line, character }: { line: number; character: number }) =>
    lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0) + character;
  const written = edit.newText
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, "$1")
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, (_, value: string) => value.replace(/\\(.)/g, "$1"));
  return text.slice(0, at(edit.range.start)) + written + text.slice(at(edit.range.end));
}

const all = Object.keys(KEYS);

it("an empty file is offered every key", () => check("", all));

it("keys that are written before or behind are not offered again", () =>
  check(
    "name: a\nprompt: b\n‸\nseed: 1\n---\nsize: 8\n",
    all.filter((key) => !["name", "prompt", "seed"].includes(key)),
  ));

it("a change is offered no key that only recipes have", () =>
  check(
    "compare:\n  - { ‸",
    all.filter((key) => !["name", "extends", "compare", "sweep"].includes(key)),
  ));

it("the words of a key are offered as its value", () => {
  check("tiling: ‸", ["auto", "on", "off"]);
  check("method: fre‸cas", ["frecas", "demofusion", "scalecrafter", "direct"]);
  check("sweep: { method: [‸", ["frecas", "demofusion", "scalecrafter", "direct"]);
  check("demofusion: { sampler: ‸", ["euler", "ddim"]);
  check("compare:\n  - precision: ‸", ["auto", "fp32", "fp16"]);
});

it("the keys inside a value are offered there", () => {
  check("stages:\n  - { size: 512, ‸", ["steps", "until"]);
  check("init: {‸", ["image", "from"]);
  check("frequency_guidance:\n  high: 3\n  ‸", ["low"]);
  check("lora: [{ file: a, ‸", ["weight"]);
});

it("nothing is offered inside texts, comments and values without words", () => {
  for (const text of [
    "prompt: a ‸",
    "# ‸",
    "sweep: { tiling: ‸",
    "seed: 1 ‸ # a",
    'negative: "‸',
    "gamma: ‸",
  ])
    check(text, text.startsWith("seed") ? ["random"] : []);
});

it("the models of this machine are offered, quoted where they need it", () => {
  check("model: ‸", ["vista", "stabilityai/sd #2"]);
  expect(take("model: sta‸", "stabilityai/sd #2")).toBe('model: "stabilityai/sd #2"');
});

it("the file's other recipes can be extended", () =>
  check("name: a\nprompt: x\n---\nextends: ‸\nname: b\n---\nprompt: y\n", ["a", "dawn"]));

it("a word behind the cursor is replaced", () =>
  expect(take("method: fre‸xas\n", "frecas")).toBe("method: frecas\n"));

it.each(all.filter((key) => !["extends", "prompts", "compare", "sweep"].includes(key)))(
  "%s can be taken as it is offered",
  (key) => {
    const lake = ["prompt", "prompts"].includes(key) ? "" : "prompt: a lake\n";
    for (const text of [`${lake}‸`, `${lake}compare: [{ ‸ }]`, `${lake}sweep: { ‸ }`]) {
      if (key === "name" && text !== `${lake}‸`) continue;
      if (key === "prompt" && text !== `${lake}‸`) continue;
      const taken = take(text, key);
      const { problems } = parseRecipes(taken, "/r.frecas", () => undefined);
      const errors = problems.filter(({ severity }) => severity === "error");
      expect(errors.map(({ message }) => `${message} in ${taken}`)).toEqual([]);
    }
  },
);

it("a whole value is offered where nothing of it is written", () => {
  check("init: ‸", ["{ image: lake.png, from: 2 }"]);
  check("stages:\n  ‸", ["- { size: 512, steps: 30, until: 200 } …"]);
  check("stages: ‸", ["[{ size: 512, steps: 30, until: 200 }, { size: 1024, steps: 10 }]"]);
});

it("recipes of files nearby can be extended", () => {
  const base = "name: calm\nprompt: a lake\n";
  const files = { "/recipes/base.frecas": base, "/recipes/[old].frecas": base };
  const { text, offset } = atCursor("extends: ‸\n");
  const items = complete(recipeOf(text, files), offset, { models, cascades: [] });
  expect(items.map(({ label }) => label)).toEqual(["base.frecas#calm", "[old].frecas#calm"]);
  expect(items.map(({ textEdit }) => textEdit?.newText)).toEqual([
    "base.frecas#calm",
    '"[old].frecas#calm"',
  ]);
});
