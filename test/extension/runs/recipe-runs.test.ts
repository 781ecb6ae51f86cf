// What the runs and recipes of a document are to its lenses.
import { expect, it } from "vitest";
import { comparesMethods } from "../../../extension/runs/recipe-runs.ts";
import { somePlan } from "./some-runs.ts";

it("one recipe without a comparison compares its methods; a sweep, a comparison, and what cannot be planned do not", () => {
  const document = { name: "dawn", fromLine: 0, line: 0 };
  const refused = { kind: "refused" as const, ...document, why: "" };
  const isMethods = (...recipes: Parameters<typeof comparesMethods>[0]["recipes"]) =>
    comparesMethods({ ...document, recipes });
  expect(isMethods(somePlan("dawn"))).toBe(true);
  expect(isMethods(somePlan("dawn-1"), somePlan("dawn-2"))).toBe(false);
  expect(isMethods(somePlan("dawn", { compares: ["dawn-compare-1"] }))).toBe(false);
  expect(isMethods(refused)).toBe(false);
});
