// What is said of a recipe that is painted by every method.
import { expect, it } from "vitest";
import { describeMethods } from "../../../extension/runs/describe-methods.ts";

const leftOut = [
  { method: "demofusion", why: "too new; wait" },
  { method: "direct", why: "too old" },
];

function check(
  given: Partial<Parameters<typeof describeMethods>[0]>,
  isPainted: boolean,
  expected: string | undefined,
): void {
  expect(describeMethods({ leftOut: [], warnings: [], ...given }, isPainted)).toBe(expected);
}

it("nothing where all methods fit and take what the recipe says", () => check({}, true, undefined));

it("the methods that do not fit, with why", () =>
  check({ leftOut }, true, "Compared without demofusion: too new; direct: too old"));

it("that there is nothing to compare", () =>
  check({ leftOut }, false, "There is nothing to compare: demofusion: too new; direct: too old"));

it("what plans warn of, after that or alone", () => {
  const warnings = ["dawn: stages: …", "dawn: precision: …"];
  check({ warnings }, true, "dawn: stages: …. dawn: precision: …");
  check(
    { leftOut: leftOut.slice(1), warnings },
    true,
    "Compared without direct: too old. dawn: stages: …. dawn: precision: …",
  );
});
