// Each mistake an author can make: where it is pointed at, what it is called, and what fixes it.
import { expect, it } from "vitest";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { offsets, unmark } from "./marked.ts";

const files: Readonly<Record<string, string>> = {
  "/recipes/long.txt": "a lake\n".repeat(10_001),
  "/recipes/empty.txt": " \n\n",
  "/recipes/[old] base.frecas": "name: calm\nprompt: a lake\n",
  "/recipes/base.frecas": "name: calm\nprompt: a lake\n---\nname: broken\nprompt: a\ngamma: no",
};

/** One problem, at the mark; `expected` is its code, then → and the fix where it has one. */
function check(marked: string, expected: string): void {
  const { text, range } = unmark(marked);
  const { recipes, problems } = parseRecipes(text, "/recipes/dawn.frecas", (path) => files[path]);
  const shown = problems.map(({ code, fix }) => (fix === undefined ? code : `${code} → ${fix}`));
  expect(shown).toEqual([expected]);
  expect(problems.map((one) => offsets(one.range))).toEqual([range]);
  for (const { message } of problems) {
    expect(message).toMatch(/^[^\n]+: [^\n]+, got [^\n]+; [^\n]+[^.\n]$/);
  }
  const broken = problems.some((one) => one.severity === "error");
  expect(recipes.length > 0).toBe(!broken || text.includes("---"));
}

const lake = "prompt: a lake\n";
const two = "stages: [{size: 256, steps: 3, until: 99}, {size: 512, steps: 4}]\n";
const one = "stages: [{size: 512, steps: 4}]\n";

const cases: readonly (readonly [string, string, string])[] = [
  // Keys
  ["proposes the nearest key", `${lake}⟦sede⟧: 3`, "unknown-key → seed"],
  ["proposes the key of a published flag", `${lake}⟦gs⟧: 3`, "unknown-key → guidance"],
  ["knows the dashes of a flag", `${lake}⟦--camap_weight⟧: 1`, "unknown-key → attention_reuse"],
  ["proposes nothing far away", `${lake}⟦weather⟧: 3`, "unknown-key"],
  ["refuses names of every object", `${lake}⟦constructor⟧: 3`, "unknown-key"],
  ["refuses __proto__ like any other", `${lake}⟦__proto__⟧: {a: 1}`, "unknown-key"],
  ["says so on one line", `${lake}⟦"a\\nb"⟧: 3`, "unknown-key"],
  ["wants each key once", `${lake}seed: 1\n⟦seed⟧: 2`, "duplicate-key"],
  ["wants each inner key once", `${lake}init: {image: a, ⟦image⟧: b, from: 2}`, "duplicate-key"],
  ["wants words as keys", `${lake}⟦[a]⟧: b`, "key-not-text"],
  ["wants a mapping", "⟦- a lake⟧", "not-a-recipe"],
  // Values
  ["wants a value", `${lake}⟦gamma⟧:\nseed: 1`, "bad-value"],
  ["wants gamma above 0", `${lake}gamma: ⟦0⟧`, "bad-value"],
  ["wants finite numbers", `${lake}gamma: ⟦.inf⟧`, "bad-value"],
  ["wants whole seeds", `${lake}seed: ⟦1.5⟧`, "bad-value"],
  ["wants seeds of 32 bits", `${lake}seed: ⟦4294967296⟧`, "bad-value"],
  ["takes quotes off a seed", `${lake}seed: ⟦"7"⟧`, "number-in-quotes → 7"],
  ["takes quotes off a number", `${lake}guidance: ⟦'7.5'⟧`, "number-in-quotes → 7.5"],
  ["proposes random", `${lake}seed: ⟦randm⟧`, "unknown-word → random"],
  ["proposes the nearest word", `${lake}method: ⟦drect⟧`, "unknown-word → direct"],
  ["forgives capitals in a proposal", `${lake}precision: ⟦FP16⟧`, "unknown-word → fp16"],
  ["takes true for on", `${lake}metadata: ⟦true⟧`, "bad-value → on"],
  ["takes no for off", `${lake}tiling: ⟦no⟧`, "unknown-word → off"],
  ["puts quotes around a number as text", "prompt: ⟦01984⟧", 'text-without-quotes → "01984"'],
  ["puts quotes around a truth as text", "prompt: [a, ⟦true⟧]", 'text-without-quotes → "true"'],
  ["wants a prompt that says something", 'prompt: ⟦" "⟧', "bad-value"],
  ["wants at least one prompt", "prompt: ⟦[]⟧", "bad-value"],
  ["wants names without spaces", `${lake}name: ⟦my lake⟧`, "bad-value"],
  ["wants known braces in output", `${lake}output: ⟦"{nam}.png"⟧`, "unknown-placeholder"],
  ["wants PNG as output", `${lake}output: ⟦results⟧`, "output-not-png"],
  ["wants a picture in init", `${lake}init: ⟦{from: 2}⟧`, "missing-field"],
  ["counts stages from 1 in init", `${lake}init: {image: a.png, from: ⟦1⟧}`, "bad-value"],
  ["wants both weights", `${lake}frequency_guidance: ⟦{high: 3}⟧`, "missing-field"],
  ["looks into the weights", `${lake}frequency_guidance: {high: 3, low: ⟦-1⟧}`, "bad-value"],
  ["refuses two weights in a list", `${lake}frequency_guidance: ⟦[35, 7.5]⟧`, "bad-value"],
  ["wants a list of LoRAs", `${lake}lora: ⟦a.safetensors⟧`, "bad-value"],
  ["wants a LoRA's file", `${lake}lora: [⟦{weight: 1}⟧]`, "missing-field"],
  ["wants a LoRA's weight as a number", `${lake}lora: [{file: a, weight: ⟦much⟧}]`, "bad-value"],
  ["wants a LoRA's weight in its range", `${lake}lora: [{file: a, weight: ⟦1e3⟧}]`, "bad-value"],
  [
    "takes quotes off a LoRA's weight",
    `${lake}lora: [{file: a, weight: ⟦"0.8"⟧}]`,
    "number-in-quotes → 0.8",
  ],
  ["knows a LoRA's keys", `${lake}lora: [{file: a, ⟦wieght⟧: 1}]`, "unknown-key → weight"],
  // Sizes and stages
  ["rounds a size", `${lake}size: ⟦513⟧`, "size-not-multiple → 512"],
  ["rounds each side up or down", `${lake}size: ⟦1020x514⟧`, "size-not-multiple → 1024x512"],
  ["keeps a size above 0", `${lake}size: ⟦0⟧`, "size-not-multiple → 8"],
  ["wants width x height", `${lake}size: ⟦large⟧`, "bad-value"],
  ["wants a stage", `${lake}stages: ⟦[]⟧`, "bad-value"],
  ["wants whole stages", `${lake}stages: [⟦{size: 512}⟧]`, "missing-field"],
  [
    "wants until before the last stage",
    `${lake}stages: [⟦{size: 256, steps: 3}⟧, {size: 512, steps: 4}]`,
    "until-missing",
  ],
  [
    "wants 0 at the end",
    `${lake}stages:\n  - {size: 256, steps: 3, until: ⟦7⟧}`,
    "until-not-zero → 0",
  ],
  [
    "wants stages to grow",
    `${lake}stages: [{size: 512, steps: 3, until: 9}, {size: ⟦512⟧, steps: 4}]`,
    "stages-not-growing",
  ],
  [
    "wants no side to shrink",
    `${lake}stages: [{size: 512, steps: 3, until: 9}, {size: ⟦1024x256⟧, steps: 4}]`,
    "stages-not-growing",
  ],
  ["wants size and stages to agree", `${lake}${two}size: ⟦1024⟧`, "size-disagrees → 512"],
  [
    "wants init within the stages",
    `${lake}${two}init: ⟦{image: a, from: 3}⟧`,
    "init-beyond-stages",
  ],
  ["wants two stages for a picture", `${lake}${one}init: ⟦{image: a}⟧`, "init-beyond-stages"],
  // Prompts
  ["wants a prompt", "⟦seed: 3⟧\nguidance: 4", "prompt-missing"],
  ["wants a prompt file that is there", "prompts: ⟦gone.txt⟧", "missing-file"],
  ["wants a prompt file of some thousand lines", "prompts: ⟦long.txt⟧", "long-file"],
  ["wants a prompt file with lines", "prompts: ⟦empty.txt⟧", "empty-file"],
  // Extends
  ["wants a recipe to extend", "extends: ⟦nobody⟧", "extends-unknown"],
  [
    "proposes a recipe to extend",
    "name: calm\n---\nextends: ⟦clam⟧".replace("name", "prompt: x\nname"),
    "extends-unknown → calm",
  ],
  [
    "proposes one of another file",
    "extends: ⟦base.frecas#clam⟧",
    "extends-unknown → base.frecas#calm",
  ],
  [
    "proposes a name in quotes where it needs them",
    "extends: ⟦'[old] base.frecas#clam'⟧",
    'extends-unknown → "[old] base.frecas#calm"',
  ],
  ["wants a file to extend from", "extends: ⟦gone.frecas#calm⟧", "missing-file"],
  ["wants name and file", "extends: ⟦base.frecas⟧", "bad-value"],
  ["finds a circle of one", "extends: ⟦dawn⟧", "extends-cycle"],
  ["tells of a base's mistakes", "extends: ⟦base.frecas#broken⟧", "extends-broken"],
  // Sweep and compare
  ["wants known keys in a sweep", `${lake}sweep: {⟦sede⟧: [1, 2]}`, "unknown-key → seed"],
  ["looks at each swept value", `${lake}sweep: {seed: [1, ⟦-2⟧]}`, "bad-value"],
  ["wants lists in a sweep", `${lake}sweep: {seed: ⟦7⟧}`, "bad-value"],
  ["wants values in a sweep", `${lake}sweep: {seed: ⟦[]⟧}`, "bad-value"],
  ["refuses name in a sweep", `${lake}sweep: {⟦name⟧: [a, b]}`, "key-refused"],
  ["refuses extends in a change", `${lake}compare: [{⟦extends⟧: dawn}]`, "key-refused"],
  ["refuses a sweep in a change", `${lake}compare: [{⟦sweep⟧: {seed: [1]}}]`, "key-refused"],
  ["looks into changes", `${lake}compare: [{seed: 2}, {gamma: ⟦-1⟧}]`, "bad-value"],
  ["wants mappings as changes", `${lake}compare: [⟦direct⟧]`, "bad-value"],
  [
    "stops at a thousand recipes",
    `${lake}⟦sweep⟧: {seed: [${Array.from({ length: 101 }).fill(1)}], images: [${Array.from({ length: 10 }).fill(1)}]}`,
    "too-many-recipes",
  ],
  // No effect
  ["warns of gamma with one stage", `${lake}${one}⟦gamma⟧: 2`, "no-effect"],
  ["warns of reuse with one stage", `${lake}${one}⟦attention_reuse⟧: 1`, "no-effect"],
  ["warns of weights with one stage", `${lake}${one}⟦frequency_guidance⟧: 9`, "no-effect"],
  ["warns of gamma in a direct run", `${lake}method: direct\n⟦gamma⟧: 2`, "no-effect"],
  ["warns of negative without guidance", `${lake}guidance: 1\n⟦negative⟧: blur`, "no-effect"],
  ["warns of guidance with a picture", `${lake}init: {image: a}\n⟦guidance⟧: 5`, "no-effect"],
  ["warns of a picture in a direct run", `${lake}method: direct\n⟦init⟧: {image: a}`, "no-effect"],
  ["warns of gamma in another method", `${lake}method: demofusion\n⟦gamma⟧: 2`, "no-effect"],
  ["warns of another method's settings", `${lake}⟦demofusion⟧: {steps: 9}`, "no-effect"],
  ["wants three exponents", `${lake}demofusion: {cosine_scales: ⟦[3, 1]⟧}`, "bad-value"],
  ["wants a known sampler", `${lake}demofusion: {sampler: ⟦eular⟧}`, "unknown-word → euler"],
  ["wants known settings", `${lake}scalecrafter: {⟦stepz⟧: 9}`, "unknown-key → steps"],
  ["warns inside a change", `${lake}compare: [{method: direct, ⟦gamma⟧: 2}]`, "no-effect"],
  // YAML
  ["shows where YAML ends too early", `${lake}model: "vista⟦⟧`, "yaml-syntax"],
  ["quotes a colon", "prompt: ⟦a lake: at dawn⟧", 'yaml-syntax → "a lake: at dawn"'],
  ["quotes no comment", "prompt: ⟦a lake: at dawn # early⟧", "yaml-syntax"],
  ["refuses tags", "prompt: ⟦!calm⟧ lake", "yaml-syntax"],
  ["refuses aliases", "prompt: ⟦*lake⟧", "yaml-alias"],
  ["refuses deep nesting", `⟦prompt: ${"[".repeat(100)}⟧`, "yaml-too-deep"],
];

it.each(cases)("%s", (_, marked, expected) => check(marked, expected));

it.each([
  ["key", `${lake}a${"🦉".repeat(200)}: 1`, /^a(?:🦉){118}…: must be a key/u],
  ["value", `${lake}size: a${"🦉".repeat(200)}`, /, got "a(?:🦉){58}…"; /u],
])("a long %s is cut between two letters", (_, text, expected) => {
  const { problems } = parseRecipes(text, "/r.frecas", () => undefined);
  expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(expected)]);
});

it("takes a prompt file of as many lines as there may be", () => {
  const { recipes } = parseRecipes("prompts: a.txt", "/r.frecas", () => "a lake\n".repeat(10_000));
  expect(recipes[0]?.prompts.length).toBe(10_000);
});
