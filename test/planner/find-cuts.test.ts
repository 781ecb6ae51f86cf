// Texts that are too long: each encoder that cuts one says so, with the place.
import { expect, test } from "vitest";
import { readT5Config } from "../../daemon/config/t5-config.ts";
import { findCuts } from "../../daemon/planner/find-cuts.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { recipeOf, tiny } from "../plan/plan-inputs.ts";
import { modelFixture } from "../support/fixture-networks.ts";
import { readText } from "../support/published-run.ts";

const sd3 = tiny("sd3");
const withT5 = {
  ...sd3,
  thirdText: readT5Config(modelFixture("t5"), readText),
  tokenizers: {
    ...sd3.tokenizers,
    tokenizer_3: { kind: "t5", folder: modelFixture("t5/tokenizer_3") },
  },
} as typeof sd3;

const words = (count: number): string => Array<string>(count).fill("a").join(" ");

const check = (changes: Partial<Recipe>, model: typeof sd3, expected: readonly RegExp[]): void =>
  expect(findCuts(recipeOf(changes), model, "")).toEqual(
    expected.map((message) => expect.stringMatching(message)),
  );

const ofClip =
  /^prompt 1: should fit into 75 tokens of CLIP, got more, so T5 alone reads on from "a a/;
const ofT5 = /^prompt 2: must fit into 255 tokens of T5, got more, so it is cut before "a a/;

test.each<readonly [string, Partial<Recipe>, typeof sd3, readonly RegExp[]]>([
  ["a short text", { prompts: [words(5)] }, withT5, []],
  [
    "a text too long for CLIP",
    { prompts: [words(90)], negative: words(90) },
    sd3,
    [
      /^prompt 1: must fit into 75 tokens, got more, so it is cut before "a a.*"; shorten it$/,
      /^negative: must fit into 75 tokens/,
    ],
  ],
  ["a text too long for CLIP alone", { prompts: [words(90)] }, withT5, [ofClip]],
  [
    "a text too long for T5 too",
    { prompts: [words(90), words(300)] },
    withT5,
    [ofClip, /^prompt 2: should fit into 75/, ofT5],
  ],
])("%s is told of as it should be", (_, changes, model, expected) =>
  check(changes, model, expected),
);
