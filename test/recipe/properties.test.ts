// What holds for every text: parsing never throws, ranges lie inside the text, fixes mend what they
// stand for, and a printed recipe reads back as itself.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Position, Problem } from "../../daemon/base/problem.ts";
import { KEYS } from "../../daemon/recipe/keys.ts";
import { type ParsedRecipes, parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import { type PrintedRecipe, printRecipe } from "../../daemon/recipe/print-recipe.ts";
import { printedKeys, printedName } from "../../daemon/recipe/printed-keys.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";

const valid = `name: dawn
prompt: [a lake, "a pond: calm"]
seed: 7
stages:
  - { size: 256x128, steps: 30, until: 200 }
  - { size: 512x256, steps: 10 }
gamma: 2
frequency_guidance: { high: 35, low: 7.5 }
sweep: { images: [1, 2], attention_reuse: [0.5, 1] }
compare:
  - method: direct
---
extends: dawn
size: 1024
prompts: lakes.txt
init: { image: a.png, from: 2 }
output: results/{name}.png
`;

const words = [
  ...Object.keys(KEYS),
  ...[
    "size",
    "steps",
    "until",
    "high",
    "low",
    "image",
    "from",
    "sede",
    "stagse",
    "gs",
    "__proto__",
  ],
  ...["512", "513", "1024x512", "0", "-1", '"7"', "7.5", "1e400", "random", "direct", "true", "~"],
  ...["a lake", "a: b", "x.frecas#dawn", "self.frecas#dawn", "dawn", "dawn-2", "{name}.png"],
  ...[
    ": ",
    ", ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\n  ",
    "\n---\n",
    "#",
    '"',
    "'",
    "*a",
    "&a ",
    "!t ",
  ],
  ...["|\n ", "? ", "%YAML 1.1\n", "\t", "\r\n", "\r", "\u2028", "\ufeff", "\ud800"],
];

const fragments = fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((all) => all.join(""));

const lines = fc
  .array(
    fc
      .tuple(fc.constantFrom(...Object.keys(KEYS)), fc.constantFrom(...words))
      .map((pair) => pair.join(": ")),
    { maxLength: 8 },
  )
  .map((all) => all.join("\n"));

const mutations = fc
  .array(fc.tuple(fc.nat(valid.length), fc.nat(12), fc.constantFrom(...words, "")), {
    maxLength: 5,
  })
  .map((edits) =>
    edits.reduce((text, [at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone), valid),
  );

const texts = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fragments, lines, mutations);

function parse(text: string): ParsedRecipes {
  const readText = (path: string): string | undefined =>
    path.endsWith(".frecas") ? valid : path.endsWith(".txt") ? "a lake" : undefined;
  return parseRecipes(text, "/recipes/self.frecas", readText);
}

/** Counts lines and columns letter by letter. */
function place(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\n|\r(?!\n)/);
  return { line: before.length - 1, column: before.at(-1)?.length ?? 0, offset };
}

it("never throws, and keeps every range inside the text", () => {
  const seen = { recipes: 0, problems: 0 };
  const check = (text: string): void => {
    const { recipes, problems } = parse(text);
    seen.recipes += recipes.length;
    seen.problems += problems.length;
    for (const { range } of [...recipes, ...problems]) {
      const { start, end } = range;
      const isInside = start.offset <= end.offset && end.offset <= text.length;
      const counted = [place(text, start.offset), place(text, end.offset)];
      if (!isInside || !isDeepStrictEqual(counted, [start, end])) {
        expect.fail(`range ${JSON.stringify(range)} of a text of ${text.length}`);
      }
    }
  };
  fc.assert(fc.property(texts, check), { numRuns: 10_000 });
  fc.assert(fc.property(mutations, check), { numRuns: 10_000 });
  const splitLineEnd = "prompt: x\nstages [size: [one_reuse: [0.5, 1] }\r\n\n  - b: c\n";
  fc.assert(fc.property(texts, check), { examples: [[splitLineEnd]], numRuns: 1 });
  expect(Math.min(seen.recipes, seen.problems)).toBeGreaterThan(1000);
});

it("gives fixes that mend what they stand for", () => {
  let mended = 0;
  const saying = (one: Problem): string => `${one.message} ${one.range.start.offset}`;
  const check = (text: string): void => {
    for (const problem of parse(text).problems) {
      if (problem.fix !== undefined) {
        const { start, end } = problem.range;
        const after = text.slice(0, start.offset) + problem.fix + text.slice(end.offset);
        expect(parse(after).problems.map(saying)).not.toContain(saying(problem));
        mended++;
      }
    }
  };
  fc.assert(fc.property(fc.oneof(lines, mutations), check), { numRuns: 1500 });
  expect(mended).toBeGreaterThan(100);
});

it("is quick with nesting, aliases and long words", () => {
  const bombs = [
    "[".repeat(200_000),
    "- ".repeat(20_000),
    "? ".repeat(20_000),
    `prompt: ${"a".repeat(1_000_000)}`,
    `${"b".repeat(1_000_000)}: 1`,
    `a: &a [x, x]\n${Array.from({ length: 60 }, (_, i) => `k${i}: &k${i} [*a, *a]`).join("\n")}`,
  ];
  for (const bomb of bombs) {
    expect(parse(bomb).problems.length + parse(bomb).recipes.length).toBeGreaterThan(0);
  }
}, 20_000);

const side = fc.integer({ min: 1, max: 2048 }).map((n) => n * 8);
const size = fc.record({ width: side, height: side });
const text = fc.string({ unit: "binary" }).map((one) => one.trim());
const told = fc
  .oneof(
    text,
    fc.constantFrom(...words).map((one) => one.trim()),
  )
  .filter((one) => one !== "");
const step = fc.integer({ min: 1, max: 1000 });
const until = fc.integer({ min: 0, max: 999 });
const path = fc
  .array(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 _#:'"é-]{0,7}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join("/")}`.trim());
const stages = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 2048 }), step, until), {
    minLength: 1,
    maxLength: 4,
    selector: ([eighths]) => eighths,
  })
  .map((all) =>
    [...all]
      .sort(([one], [other]) => one - other)
      .map(([eighths, steps, end], index) => ({
        size: { width: eighths * 8, height: 64 },
        steps,
        until: index === all.length - 1 ? 0 : end,
      })),
  );
const weight = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });

const maybe = <Value>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(one, { nil: undefined });

const tau = fc.integer({ min: 0, max: 1000 });

const exponent = fc.double({ min: 0, max: 100, noNaN: true });

const demofusion = fc.record({
  preset: maybe(fc.constantFrom("readme" as const, "readme-8gb" as const, "defaults" as const)),
  steps: maybe(fc.integer({ min: 1, max: 1000 })),
  stride: maybe(fc.integer({ min: 1, max: 128 })),
  cosineScales: maybe(fc.tuple(exponent, exponent, exponent)),
  sigma: maybe(fc.double({ min: 1e-6, noNaN: true, noDefaultInfinity: true })),
  sampler: maybe(fc.constantFrom("euler" as const, "ddim" as const)),
  windowsAtOnce: maybe(fc.integer({ min: 1, max: 64 })),
});

const recipes: fc.Arbitrary<PrintedRecipe> = fc
  .record({
    name: fc.stringMatching(/^[\p{L}\p{M}\p{N}_-]{1,12}$/u),
    model: maybe(fc.oneof(path, fc.constantFrom("vista", "owner/model", "sd-2.1", "null", "7"))),
    lora: maybe(
      fc.array(
        fc.record({
          file: path,
          weight: fc.double({ min: -100, max: 100, noNaN: true }).map((value) => value + 0),
        }),
        { maxLength: 3 },
      ),
    ),
    prompts: fc.array(told, { minLength: 1, maxLength: 3 }),
    negative: maybe(text),
    seed: maybe(fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constant("random" as const))),
    images: maybe(fc.integer({ min: 1, max: 64 })),
    guidance: maybe(fc.double({ min: 1, noNaN: true, noDefaultInfinity: true })),
    size: maybe(size),
    stages: maybe(stages),
    gamma: maybe(fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true })),
    frequencyGuidance: maybe(
      fc.oneof(
        fc.record({ high: weight, low: weight, single: fc.constant(false) }),
        weight.map((both) => ({ high: both, low: both, single: true })),
      ),
    ),
    attentionReuse: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    tiling: maybe(fc.constantFrom("auto" as const, "on" as const, "off" as const)),
    precision: maybe(fc.constantFrom("auto" as const, "fp32" as const, "fp16" as const)),
    t5: maybe(fc.constantFrom("auto" as const, "on" as const, "off" as const)),
    variant: maybe(fc.constantFrom("corrected" as const, "published" as const)),
    method: maybe(fc.constantFrom(...KEYS.method.schema.options)),
    demofusion: maybe(demofusion),
    scalecrafter: maybe(
      fc.record({
        steps: maybe(fc.integer({ min: 1, max: 1000 })),
        eta: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
        table: maybe(size),
        dilateTau: maybe(tau),
        ndcfgTau: maybe(tau),
        inflateTau: maybe(tau),
        progressive: maybe(fc.constantFrom("on" as const, "off" as const)),
        freeu: maybe(fc.constantFrom("on" as const, "off" as const)),
      }),
    ),
    init: fc.constant(undefined),
    output: maybe(path.map((one) => `${one}/{name}{prompt}.{image}.{seed}.png`)),
    metadata: maybe(fc.constantFrom("on" as const, "off" as const)),
  })
  .chain((recipe) => {
    const last = recipe.stages?.at(-1)?.size;
    const from = fc.integer({ min: 2, max: Math.max(2, recipe.stages?.length ?? 9) });
    const init =
      (recipe.stages?.length ?? 9) < 2
        ? fc.constant(undefined)
        : maybe(fc.record({ image: path, from }, { requiredKeys: ["image"] }));
    const agreed = last !== undefined && recipe.size !== undefined ? last : recipe.size;
    return init.map((one) => ({ ...recipe, init: one, size: agreed }));
  });

it("reads a printed recipe back as itself", () => {
  const check = (recipe: PrintedRecipe): void => {
    const source = printRecipe(recipe);
    const read = parse(source);
    expect(read.problems.filter((one) => one.severity === "error")).toEqual([]);
    expect(read.recipes).toHaveLength(1);
    expect(read.recipes[0]).toEqual({
      ...recipe,
      writtenModel: recipe.model === undefined ? undefined : expect.any(Object),
      keyRanges: expect.any(Object),
      compare: [],
      source,
      range: { start: place(source, 0), end: place(source, source.length - 1) },
    });
  };
  fc.assert(fc.property(recipes, check), { numRuns: 1500 });
});

it("finds the keys and the name of a printed recipe without parsing it", () => {
  const check = (recipe: PrintedRecipe): void => {
    const source = printRecipe(recipe);
    const root = readYaml(source)[0]?.root;
    const entries = root?.kind === "mapping" ? root.entries : [];
    const keys = printedKeys(source);
    expect([...keys.keys()]).toEqual(entries.map(({ key }) => key));
    const [gamma] = entries.filter(({ key }) => key === "gamma");
    const said = gamma?.value.kind === "scalar" ? gamma.value.source : undefined;
    expect(keys.get("gamma")).toBe(said);
    expect(printedName(source)).toBe(recipe.name);
  };
  fc.assert(fc.property(recipes, check));
});

it("gives every recipe a source that stands alone", () => {
  for (const recipe of parse(valid).recipes.flatMap((one) => [one, ...one.compare])) {
    const [again] = parse(recipe.source).recipes;
    expect(again).toEqual({
      ...recipe,
      compare: [],
      range: again?.range,
      keyRanges: again?.keyRanges,
    });
  }
});
