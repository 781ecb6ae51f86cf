// What the runs and recipes of a document are to its lenses.
import { expect, it } from "vitest";
import { documentsOf } from "../../../extension/plan-request/recipe-documents.ts";
import { comparesMethods, runsByDocument, runsOf } from "../../../extension/runs/recipe-runs.ts";
import { done, file, somePlan, someRun } from "./some-runs.ts";

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

it("the runs of all documents, found at once, are those that are found for each", () => {
  const names = ["castle", "castle-2", "moat"];
  const documents = documentsOf(names.map((name, line) => somePlan(name, { line })));
  const runs = ["castle", "castle-1", "castle-2", "castle-2-compare-1", "moat-compare-2", "tower"]
    .map((name, index) => someRun(index + 1, done, { name }))
    .concat(someRun(9, done, { name: "moat", file: "/other.frecas" }));
  const found = runsByDocument(file, documents, runs);
  for (const name of names) expect(found.get(name)).toEqual(runsOf({ file, name, names }, runs));
  expect([...found.values()].map((some) => some.length)).toEqual([2, 2, 1]);
});
