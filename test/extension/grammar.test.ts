// The colours of recipes: which scope each piece of a text has.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { KEYS, type Key } from "../../daemon/recipe/keys.ts";
import { openGrammar } from "./colours.ts";

let grammar: Awaited<ReturnType<typeof openGrammar>>;
beforeAll(async () => {
  grammar = await openGrammar();
});

/** A scope in one letter or two. */
const short: Readonly<Record<string, string>> = {
  "keyword.other.key.frecas": "key",
  "entity.name.tag.frecas": "unknown",
  "invalid.deprecated.flag.frecas": "flag",
  "support.type.property-name.frecas": "field",
  "constant.numeric.size.frecas": "size",
  "constant.numeric.frecas": "number",
  "constant.language.frecas": "word",
  "constant.other.placeholder.frecas": "placeholder",
  "constant.character.escape.frecas": "escape",
  "string.unquoted.text.frecas": "text",
  "string.unquoted.block.frecas": "text",
  "string.unquoted.frecas": "string",
  "string.quoted.double.frecas": "quoted",
  "string.quoted.single.frecas": "quoted",
  "comment.line.number-sign.frecas": "comment",
  "keyword.control.flow.block-scalar.frecas": "mark",
  "markup.heading.frecas": "separator",
};

/** Pieces as `scope:words`, without punctuation. */
function show(text: string): readonly string[] {
  return grammar(text).map((pieces) =>
    pieces
      .filter(({ words, scope }) => !scope.startsWith("punctuation.") && !/^["']$/.test(words))
      .map(({ words, scope }) => `${short[scope] ?? scope}:${words.trim()}`)
      .join(" "),
  );
}

/** Each row is a line and what it should show. */
function check(rows: readonly (readonly [string, string])[]): void {
  expect(show(rows.map(([line]) => line).join("\n"))).toEqual(rows.map(([, shown]) => shown));
}

it("keys, sizes, numbers, words and comments have scopes of their own", () =>
  check([
    ["# a recipe", "comment:a recipe"],
    ["model: vista # built in", "key:model word:vista comment:built in"],
    ["model: ./sd #1", "key:model string:./sd comment:1"],
    ["model: stabilityai/sd-2", "key:model string:stabilityai/sd-2"],
    ["size: 1024x512", "key:size size:1024x512"],
    ["gamma: 2.5", "key:gamma number:2.5"],
    ["attention_reuse: .5e-1", "key:attention_reuse number:.5e-1"],
    ["tiling: auto", "key:tiling word:auto"],
    ["name: auto-mobile", "key:name string:auto-mobile"],
    ["sede: 5", "unknown:sede number:5"],
    ["--gs: 5", "flag:--gs number:5"],
    ["--- # next", "separator:--- comment:next"],
    ["seed: random", "key:seed word:random"],
  ]));

it("a prompt is text to its end, whatever is in it", () =>
  check([
    [
      "prompt: a lake: 1024x512, seed 7 # no",
      "key:prompt text:a lake: 1024x512, seed 7 comment:no",
    ],
    ["prompt: a lake#2 { of }", "key:prompt text:a lake#2 { of }"],
    ["  at dawn, auto", "text:at dawn, auto"],
    ["", ""],
    ["  size: 3", "text:size: 3"],
    ["size: 512", "key:size number:512"],
    ['negative: "blurry \\" size: 3', 'key:negative quoted:blurry escape:\\" quoted:size: 3'],
    ['  seed: 1" # end', "quoted:seed: 1 comment:end"],
    ["seed: 1", "key:seed number:1"],
  ]));

it("texts in blocks and lists are text", () =>
  check([
    ["prompt: |- # literal", "key:prompt mark:|- comment:# literal"],
    ["  size: 512", "text:size: 512"],
    ["", ""],
    ["  # no comment", "text:# no comment"],
    ["negative: >", "key:negative mark:>"],
    ["  seed: 1", "text:seed: 1"],
    ["prompt:", "key:prompt"],
    ["  - a lake, size 3", "text:a lake, size 3"],
    ["  # a comment", "comment:a comment"],
    ["  - |", "mark:|"],
    ["    seed: 1", "text:seed: 1"],
    ["  - 'one ''two'''", "quoted:one escape:'' quoted:two escape:''"],
    ["- three", "text:three"],
    ["seed: 1", "key:seed number:1"],
    ['prompt: [a lake, "b", c # d', "key:prompt text:a lake quoted:b text:c comment:d"],
    ["  ]", ""],
    ["seed: 1", "key:seed number:1"],
  ]));

it("keys inside values are fields", () =>
  check([
    ["stages:", "key:stages"],
    [
      "  - { size: 256x128, steps: 30, until: 100 } # first",
      "field:size size:256x128 field:steps number:30 field:until number:100 comment:first",
    ],
    ["  - size: 512", "field:size number:512"],
    ["    steps: 12", "field:steps number:12"],
    ["# between", "comment:between"],
    ["  - {size: 1024,", "field:size number:1024"],
    ["     steps: 8}", "field:steps number:8"],
    ["size: 1024", "key:size number:1024"],
    ["stages:", "key:stages"],
    ["- size: 8", "field:size number:8"],
    [
      "frequency_guidance: { high: 35, low: 7.5 }",
      "key:frequency_guidance field:high number:35 field:low number:7.5",
    ],
    [
      "lora: [{ file: ink.safetensors, weight: 0.8 }, wash.safetensors]",
      "key:lora field:file string:ink.safetensors field:weight number:0.8 string:wash.safetensors",
    ],
    [
      "init: { image: 'a b.png', from: 2 }",
      "key:init field:image quoted:a b.png field:from number:2",
    ],
    ["demofusion:", "key:demofusion"],
    ["  preset: readme", "field:preset word:readme"],
    ["  cosine_scales: [3, 1, 1]", "field:cosine_scales number:3 number:1 number:1"],
    [
      "output: results/{name}/{seed}.png # where",
      "key:output string:results/ placeholder:{name} string:/ placeholder:{seed} string:.png comment:where",
    ],
  ]));

it("changes and sweeps have keys of recipes, with texts and fields as there", () =>
  check([
    ["compare:", "key:compare"],
    ["  - { method: direct, prompt: a lake 3 }", "key:method word:direct key:prompt text:a lake 3"],
    ["  - prompt: size 3", "key:prompt text:size 3"],
    ["    tiling: on", "key:tiling word:on"],
    ["  - prompt: |", "key:prompt mark:|"],
    ["      seed: 3", "text:seed: 3"],
    ["    stages: [{ size: 8, steps: 1 }]", "key:stages field:size number:8 field:steps number:1"],
    ["    seed: 1", "key:seed number:1"],
    ["  - stages:", "key:stages"],
    ["      - { size: 8 }", "field:size number:8"],
    ["    seed: 1", "key:seed number:1"],
    [
      "sweep: { seed: [1, 2], stages: [[{ size: 8 }], [{ size: 16 }]], tiling: [on] }",
      "key:sweep key:seed number:1 number:2 key:stages field:size number:8 field:size number:16 key:tiling word:on",
    ],
    ["sweep:", "key:sweep"],
    ["  size: [512, 1024x512]", "key:size number:512 size:1024x512"],
    ["{ prompt: a, sede: 1 }", "key:prompt text:a unknown:sede number:1"],
  ]));

it("every key, field and word of the language has its scope", () => {
  for (const [name, key] of Object.entries(KEYS) as readonly [string, Key][]) {
    expect(show(`${name}:`)).toEqual([`key:${name}`]);
    expect(show(`{ ${name}: 1 }`)[0]).toContain(`key:${name}`);
    const words = [...key.words, ...Object.values(key.fields).flatMap(({ words = [] }) => words)];
    for (const word of words) expect(show(`tiling: ${word}`)).toEqual([`key:tiling word:${word}`]);
    for (const field of Object.keys(key.fields)) {
      expect(show(`${name}: { ${field}: 1 }`)).toEqual([`key:${name} field:${field} number:1`]);
      expect(show(`${name}:\n  ${field}: 1`)[1]).toBe(`field:${field} number:1`);
    }
  }
});

it("nothing of the samples is left without a scope", () => {
  const samples = join(import.meta.dirname, "../../samples");
  for (const name of readdirSync(samples).filter((file) => file.endsWith(".frecas"))) {
    const pieces = grammar(readFileSync(join(samples, name), "utf8")).flat();
    expect(pieces.filter(({ scope }) => scope === "")).toEqual([]);
    expect(pieces.filter(({ scope }) => scope === "entity.name.tag.frecas")).toEqual([]);
  }
});
