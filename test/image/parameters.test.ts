// The settings text, and what AUTOMATIC1111's own reader (its regular expression) makes of it.
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Parameters, parameters } from "../../daemon/image/parameters.ts";

const base: Parameters = {
  prompt: "a lake",
  negative: "blurry",
  steps: 50,
  sampler: "DDIM",
  cfgScale: 4,
  seed: 1,
  size: { width: 512, height: 256 },
  model: "vista",
  extras: {},
};

const line = "Steps: 50, Sampler: DDIM, CFG scale: 4, Seed: 1, Size: 512x256, Model: vista";

function check(change: Partial<Parameters>, expected: string): void {
  expect(parameters({ ...base, ...change })).toBe(expected);
}

const cases: readonly (readonly [string, Partial<Parameters>, string])[] = [
  ["writes prompt, negative prompt and settings", {}, `a lake\nNegative prompt: blurry\n${line}`],
  ["leaves out an empty negative prompt", { negative: " " }, `a lake\n${line}`],
  ["writes the settings alone for empty prompts", { prompt: "", negative: "" }, line],
  [
    "keeps the lines of a prompt",
    { prompt: " a\nb ", negative: "c\nd" },
    `a\nb\nNegative prompt: c\nd\n${line}`,
  ],
  [
    "writes broken numbers",
    { cfgScale: 7.5 },
    `a lake\nNegative prompt: blurry\n${line.replace("4", "7.5")}`,
  ],
  [
    "adds extras in their order",
    { extras: { "FreCaS gamma": 3, Version: "v1" } },
    `a lake\nNegative prompt: blurry\n${line}, FreCaS gamma: 3, Version: v1`,
  ],
  [
    "quotes values with commas",
    { model: "a, b" },
    `a lake\nNegative prompt: blurry\n${line.replace("vista", '"a, b"')}`,
  ],
  [
    "quotes values with colons",
    { extras: { Stages: "128: 40" } },
    `a lake\nNegative prompt: blurry\n${line}, Stages: "128: 40"`,
  ],
  [
    "quotes values that begin with a quote",
    { model: '"x"' },
    `a lake\nNegative prompt: blurry\n${line.replace("vista", '"\\"x\\""')}`,
  ],
];

it.each(cases)("%s", (_, change, expected) => check(change, expected));

/** As infotext_utils.py reads the last line. */
function readSettings(text: string): Readonly<Record<string, string>> {
  const last = text.split("\n").at(-1) ?? "";
  const pattern = /\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)/g;
  const pairs = [...last.matchAll(pattern)].map(([, name = "", value = ""]) => {
    const isJson = value.startsWith('"') && value.endsWith('"');
    return [name, isJson ? JSON.parse(value) : value] as const;
  });
  return Object.fromEntries(pairs);
}

it("is read back by the original's pattern, whatever the values hold", () => {
  const value = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => text.trim() || "x");
  fc.assert(
    fc.property(value, value, (model, extra) => {
      const text = parameters({ ...base, model, extras: { Extra: extra } });
      const { Model, Extra, Seed, Size } = readSettings(text);
      expect({ Model, Extra, Seed, Size }).toEqual({
        Model: model,
        Extra: extra,
        Seed: "1",
        Size: "512x256",
      });
    }),
    { numRuns: 3_000 },
  );
});
