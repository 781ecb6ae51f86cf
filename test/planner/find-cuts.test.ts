// Texts that are too long: each encoder that cuts one says so, with the place.
import { expect, test } from "vitest";
import { findCuts } from "../../daemon/planner/find-cuts.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { recipeOf } from "../plan/plan-inputs.ts";
import { sd3, sd3WithT5 } from "./sd3-with-t5.ts";

const words = (count: number): string => Array<string>(count).fill("a").join(" ");

const check = (changes: Partial<Recipe>, model: typeof sd3, expected: readonly RegExp[]): void =>
  expect(findCuts(recipeOf(changes), model, "")).toEqual(
    expected.map((message) => expect.stringMatching(message)),
  );

const ofClip =
  /^prompt 1: should fit into 75 tokens of CLIP, got more, so T5 alone reads on from "a a/;
const ofT5 = /^prompt 2: must fit into 255 tokens of T5, got more, so it is cut before "a a/;

test.each<readonly [string, Partial<Recipe>, typeof sd3, readonly RegExp[]]>([
  ["a short text", { prompts: [words(5)] }, sd3WithT5, []],
  [
    "a text too long for CLIP",
    { prompts: [words(90)], negative: words(90) },
    sd3,
    [
      /^prompt 1: must fit into 75 tokens, got more, so it is cut before "a a.*"; shorten it$/,
      /^negative: must fit into 75 tokens/,
    ],
  ],
  [
    "a text of letters of two code units",
    { prompts: [`${words(75)} b${"🦉".repeat(60)}`] },
    sd3,
    [/cut before "b(?:🦉){38}…"; shorten it$/u],
  ],
  ["a text too long for CLIP alone", { prompts: [words(90)] }, sd3WithT5, [ofClip]],
  [
    "a text too long for T5 too",
    { prompts: [words(90), words(300)] },
    sd3WithT5,
    [ofClip, /^prompt 2: should fit into 75/, ofT5],
  ],
])("%s is told of as it should be", (_, changes, model, expected) =>
  check(changes, model, expected),
);
