// What recipes say once read: every key, and how documents build on each other.
import { expect, it } from "vitest";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";

const files: Readonly<Record<string, string>> = {
  "/recipes/lakes.txt": "﻿ a lake \r\n\n  a pond\r\n",
  "/recipes/more/base.frecas":
    "name: calm\nprompts: lakes.txt\nmodel: ./sd\noutput: out/{name}.png\n---\nname: far\nextends: ../dawn.frecas#near\nseed: 5",
  "/recipes/more/lakes.txt": "a far lake",
};

type Part = Partial<Omit<Recipe, "range" | "source" | "compare">> & {
  readonly compare?: readonly Part[];
};

/** Each recipe must hold what is expected of it, and nothing may be wrong. */
function check(text: string, expected: readonly Part[]): void {
  const { recipes, problems } = parseRecipes(text, "/recipes/dawn.frecas", (path) => files[path]);
  expect(problems).toEqual([]);
  expect(recipes).toMatchObject(expected);
  expect(recipes).toHaveLength(expected.length);
}

const lake = "prompt: a lake\n";
const square = { width: 512, height: 512 };
const wide = { width: 1024, height: 512 };
const one = "stages: [{size: 512, steps: 4}]\n";

const cases: readonly (readonly [string, string, readonly Part[]])[] = [
  ["reads nothing from an empty text", "", []],
  ["passes over documents of comments", "# a\n---\n# b\n---\n", []],
  [
    "lets the size choose the stage of a picture",
    `${lake}init: {image: a.png}`,
    [{ init: { image: "/recipes/a.png" } }],
  ],
  [
    "leaves out what is not written",
    lake,
    [{ name: "dawn", prompts: ["a lake"], seed: undefined, compare: [] }],
  ],
  [
    "reads every word and number",
    `${lake}name: Seestück_2-b\nmodel: vista\nnegative: ""\nseed: 4294967295\nimages: 64\nguidance: 1.5\ngamma: 1e-1\nattention_reuse: 0\ntiling: off\nprecision: fp16\nvariant: published\nmethod: frecas\nmetadata: on`,
    [
      {
        name: "Seestück_2-b",
        model: "vista",
        negative: "",
        seed: 4294967295,
        images: 64,
        guidance: 1.5,
        gamma: 0.1,
        attentionReuse: 0,
        tiling: "off",
        precision: "fp16",
        variant: "published",
        method: "frecas",
        metadata: "on",
      },
    ],
  ],
  ["reads numbers as YAML 1.2 does", `${lake}seed: 010`, [{ seed: 10 }]],
  ["keeps a random seed random", `${lake}seed: random`, [{ seed: "random" }]],
  ["reads a number as a square", `${lake}size: 512`, [{ size: square }]],
  ["reads a width and a height", `${lake}size: 1024x512`, [{ size: wide }]],
  ["reads a real times sign", `${lake}size: "1024 × 512"`, [{ size: wide }]],
  [
    "reads weights for each band",
    `${lake}frequency_guidance: {high: 35, low: 7.5}`,
    [{ frequencyGuidance: { high: 35, low: 7.5, single: false } }],
  ],
  [
    "reads one weight for both",
    `${lake}frequency_guidance: 9`,
    [{ frequencyGuidance: { high: 9, low: 9, single: true } }],
  ],
  [
    "ends the last stage at 0",
    `${lake}stages:\n  - {size: 512, steps: 4, until: 99}\n  - {size: 1024x512, steps: 2}`,
    [
      {
        stages: [
          { size: square, steps: 4, until: 99 },
          { size: wide, steps: 2, until: 0 },
        ],
      },
    ],
  ],
  ["lets size and stages agree", `${lake}${one}size: 512`, [{ size: square }]],
  ["reads several prompts", "prompt: [a lake, ' a pond ']", [{ prompts: ["a lake", "a pond"] }]],
  ["trims a block of text", "prompt: |\n  a lake\n  at dawn\n", [{ prompts: ["a lake\nat dawn"] }]],
  ["reads prompts from a file", "prompts: lakes.txt", [{ prompts: ["a lake", "a pond"] }]],
  [
    "starts paths at the recipe's folder",
    `${lake}model: ../sd.safetensors\ninit: {image: a.png, from: 2}\noutput: out/{seed}.png`,
    [
      {
        model: "/sd.safetensors",
        init: { image: "/recipes/a.png", from: 2 },
        output: "/recipes/out/{seed}.png",
      },
    ],
  ],
  ["takes owner/model for an id", `${lake}model: owner/model`, [{ model: "owner/model" }]],
  [
    "reads LoRAs with their weights, 1 where there is none",
    `${lake}lora: [{file: a.safetensors, weight: -0.5}, {file: ../b.safetensors}, /c.safetensors]`,
    [
      {
        lora: [
          { file: "/recipes/a.safetensors", weight: -0.5 },
          { file: "/b.safetensors", weight: 1 },
          { file: "/c.safetensors", weight: 1 },
        ],
      },
    ],
  ],
  [
    "leaves out the LoRAs of what it extends where its own list is empty",
    `${lake}name: calm\nlora: [a.safetensors]\n---\nextends: calm\n---\nextends: calm\nlora: []`,
    [
      { name: "calm" },
      { lora: [{ file: "/recipes/a.safetensors", weight: 1 }] },
      { name: "dawn-2", lora: [] },
    ],
  ],
  [
    "runs over lists of LoRAs",
    `${lake}sweep: {lora: [[], [{file: a.safetensors, weight: 0.5}]]}\ncompare: [{lora: [b.safetensors]}]`,
    [
      { lora: [], compare: [{ lora: [{ file: "/recipes/b.safetensors", weight: 1 }] }] },
      { lora: [{ file: "/recipes/a.safetensors", weight: 0.5 }] },
    ],
  ],
  // Names
  [
    "numbers recipes without a name",
    `${lake}---\n${lake}---\nname: pond\n${lake}---\n${lake}`,
    ["dawn", "dawn-2", "pond", "dawn-3"].map((name) => ({ name })),
  ],
  [
    "passes over names that are written",
    `${lake}---\nname: dawn\n${lake}`,
    [{ name: "dawn-2" }, { name: "dawn" }],
  ],
  // Extends
  [
    "replaces what it extends, but not the name",
    `${lake}name: calm\nseed: 3\nimages: 2\n---\nextends: calm\nseed: 4`,
    [{ name: "calm" }, { name: "dawn", prompts: ["a lake"], seed: 4, images: 2 }],
  ],
  [
    "extends a recipe further down, which extends another",
    `extends: b\n---\nname: b\nextends: c\nseed: 2\n---\nname: c\n${lake}images: 3`,
    [
      { seed: 2, images: 3 },
      { seed: 2, images: 3 },
      { name: "c", seed: undefined },
    ],
  ],
  [
    "keeps paths where they were written",
    "extends: more/base.frecas#calm",
    [
      {
        prompts: ["a far lake"],
        model: "/recipes/more/sd",
        output: "/recipes/more/out/{name}.png",
      },
    ],
  ],
  [
    "goes to another file and back",
    `name: near\n${lake}---\nextends: more/base.frecas#far`,
    [{ name: "near" }, { name: "dawn", prompts: ["a lake"], seed: 5 }],
  ],
  [
    "replaces prompts by prompt",
    "name: a\nprompts: lakes.txt\n---\nextends: a\nprompt: x",
    [{ prompts: ["a lake", "a pond"] }, { prompts: ["x"] }],
  ],
  [
    "replaces stages by another size",
    `name: a\n${lake}${one}---\nextends: a\nsize: 1024x512`,
    [{ name: "a" }, { size: wide, stages: undefined }],
  ],
  [
    "keeps stages of the same size",
    `name: a\n${lake}${one}---\nextends: a\nsize: 512x512`,
    [{ name: "a" }, { size: square, stages: [{ size: square, steps: 4, until: 0 }] }],
  ],
  [
    "replaces size by stages",
    `name: a\n${lake}size: 1024\n---\nextends: a\n${one}`,
    [{ name: "a" }, { size: undefined, stages: [{ size: square, steps: 4, until: 0 }] }],
  ],
  // Sweep and compare
  [
    "runs over every combination, the last key fastest",
    `${lake}seed: 9\nsweep: {seed: [1, 2], images: [3, 4]}`,
    [
      { name: "dawn-1", seed: 1, images: 3 },
      { name: "dawn-2", seed: 1, images: 4 },
      { name: "dawn-3", seed: 2, images: 3 },
      { name: "dawn-4", seed: 2, images: 4 },
    ],
  ],
  [
    "sweeps what is missing",
    "sweep: {prompt: [x, [y, z]]}",
    [{ prompts: ["x"] }, { prompts: ["y", "z"] }],
  ],
  [
    "replaces stages by a swept size",
    `${lake}${one}sweep: {size: [512, 1024x512]}`,
    [{ stages: [{ size: square, steps: 4, until: 0 }] }, { size: wide, stages: undefined }],
  ],
  [
    "no longer sweeps a key that is written anew",
    `name: a\n${lake}sweep: {seed: [1, 2]}\n---\nextends: a\nseed: 7`,
    [{ name: "a-1" }, { name: "a-2" }, { name: "dawn", seed: 7 }],
  ],
  [
    "compares under each change",
    `${lake}seed: 3\ngamma: 2\ncompare:\n  - method: direct\n  - {gamma: 3, variant: published}`,
    [
      {
        name: "dawn",
        gamma: 2,
        compare: [
          { name: "dawn-compare-1", method: "direct", gamma: 2, seed: 3 },
          { name: "dawn-compare-2", gamma: 3, variant: "published", seed: 3 },
        ],
      },
    ],
  ],
  [
    "compares each of a sweep",
    `${lake}compare: [{images: 2}]\nsweep: {seed: [1, 2]}`,
    [
      { name: "dawn-1", compare: [{ name: "dawn-1-compare-1", seed: 1, images: 2 }] },
      { name: "dawn-2", compare: [{ name: "dawn-2-compare-1", seed: 2, images: 2 }] },
    ],
  ],
  [
    "needs gamma where one of the sweep does",
    `${lake}gamma: 2\nsweep: {method: [direct, frecas]}`,
    [{ method: "direct" }, { method: "frecas", gamma: 2 }],
  ],
];

it.each(cases)("%s", (_, text, expected) => check(text, expected));
