// Changes from the command line: they act as a last layer, and their problems stand on the first line.
import { expect, it } from "vitest";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";

const text = "# lakes\nprompt: a lake\nseed: -1\nstages: [{size: 512, steps: 4}]\n";

/** `expected` is a part of the recipe, or the message of the only problem. */
function check(changes: Readonly<Record<string, string>>, expected: object | string): void {
  const { recipes, problems } = parseRecipes(text, "/r/dawn.frecas", () => undefined, {
    changes: { seed: "1", ...changes },
  });
  if (typeof expected === "string") {
    const place = {
      start: { line: 1, column: 0, offset: 8 },
      end: { line: 1, column: 14, offset: 22 },
    };
    expect(problems.map((one) => one.message)).toEqual([expected]);
    expect(problems).toMatchObject([{ range: place }]);
    expect(problems[0]).not.toHaveProperty("fix");
  } else {
    expect(problems).toEqual([]);
    expect(recipes).toMatchObject([expected]);
  }
}

const cases: readonly (readonly [string, Readonly<Record<string, string>>, object | string])[] = [
  ["replaces a value before it is checked", { seed: "7" }, { seed: 7 }],
  ["reads YAML", { prompt: "[a, b]" }, { prompts: ["a", "b"] }],
  ["drops stages for another size", { size: "1024" }, { stages: undefined, size: { width: 1024 } }],
  ["keeps stages of the same size", { size: "512" }, { stages: [{ steps: 4 }] }],
  ["starts paths at the recipe's folder", { output: "a.png" }, { output: "/r/a.png" }],
  ["sweeps", { sweep: "{images: [3]}" }, { name: "dawn-1", images: 3 }],
  [
    "names the flag of a bad value",
    { gamma: "0" },
    "--set gamma: must be a number above 0, got 0; write for example 2",
  ],
  [
    "names the flag inside a change",
    { compare: "[{seed: x}]" },
    'seed in --set compare 1: must be a whole number from 0 to 4294967295, or random, got "x"; write for example 7',
  ],
  [
    "names the flag of no value",
    { gamma: "" },
    "--set gamma: must be a number above 0, got nothing; write for example 2",
  ],
  [
    "proposes a key",
    { sizr: "512" },
    "--set sizr: must be a key of the recipe language, got an unknown word; write size",
  ],
  [
    "names the flag of broken YAML",
    { negative: '"blur' },
    `--set negative: yaml: must be well formed, got "Missing closing 'quote"; close the quote or the bracket`,
  ],
  [
    "refuses several documents",
    { negative: "a\n---\nb" },
    "--set negative: must be one value, got several YAML documents; put quotes around a text that holds ---",
  ],
  [
    "names the flag where keys disagree",
    { size: "1024", stages: "[{size: 512, steps: 4}]" },
    "--set size: must be the size of the last stage, got 1024 beside 512; write 512 or remove it",
  ],
  [
    "warns of a change without effect",
    { gamma: "3" },
    "--set gamma: needs more than one stage to have an effect, got one; remove it, or write another stage",
  ],
];

it.each(cases)("%s", (_, changes, expected) => check(changes, expected));

it("lies on one document alone where one is named, and others extend what is written", () => {
  const several =
    "name: a\nprompt: x\nsweep: {seed: [1, 2]}\n---\nname: c\nextends: a\n---\nprompt: z\n";
  const check = (only: string, expected: string): void => {
    const override = { changes: { name: "b", guidance: "5" }, only };
    const parsed = parseRecipes(several, "/r/dawn.frecas", () => undefined, override);
    expect(parsed.problems).toEqual([]);
    const shown = parsed.recipes.map(({ name, guidance }) => `${name} ${guidance ?? "-"}`);
    expect(shown.join(", ")).toBe(expected);
  };
  check("a", "b-1 5, b-2 5, c-1 -, c-2 -, dawn -");
  check("c-2", "a-1 -, a-2 -, b-1 5, b-2 5, dawn -");
  check("dawn", "a-1 -, a-2 -, c-1 -, c-2 -, b 5");
  check("nobody", "a-1 -, a-2 -, c-1 -, c-2 -, dawn -");
});
