// Which recipes and runs are of which document of a file, by their names.
import { expect, it } from "vitest";
import {
  documentOf,
  documentsOf,
  isMadeBy,
} from "../../extension/plan-request/recipe-documents.ts";
import { somePlan } from "./runs/some-runs.ts";

it.each([
  ["dawn", "dawn", true],
  ["dawn", "dawn-2", true],
  ["dawn", "dawn-2-compare-1", true],
  ["dawn", "dawn-late", false],
  ["dawn-2", "dawn", false],
  ["dawn-2", "dawn-2", true],
  ["", "anything", true],
])("alone in its file, the document %s makes recipes called %s: %s", (name, recipe, expected) => {
  expect(isMadeBy({ name, names: [name] }, recipe)).toBe(expected);
  expect(isMadeBy({ name, names: [] }, recipe)).toBe(expected);
});

it.each([
  ["castle", "castle-2", false],
  ["castle", "castle-2-compare-1", false],
  ["castle", "castle-2-1", false],
  ["castle", "castle-3", true],
  ["castle-2", "castle-2-1", true],
  ["castle-2", "castle-2", true],
])(
  "where a file has castle and castle-2, the document %s makes recipes called %s: %s",
  (name, recipe, expected) =>
    expect(isMadeBy({ name, names: ["castle", "castle-2"] }, recipe)).toBe(expected),
);

it("a recipe of a sweep alone is that recipe and what it is compared with", () => {
  const swept = { name: "dawn-2", names: ["dawn"] };
  const names = ["dawn-1", "dawn-2", "dawn-2-compare-1", "dawn-3"];
  expect(names.filter((name) => isMadeBy(swept, name))).toEqual(["dawn-2", "dawn-2-compare-1"]);
});

it("a recipe's document is found by the longest name", () => {
  const documents = documentsOf([somePlan("castle"), somePlan("castle-2", { line: 5 })]);
  const lineOf = (recipe: string) => documentOf(documents, recipe)?.line;
  expect(lineOf("castle-compare-1")).toBe(0);
  expect(lineOf("castle-2")).toBe(5);
  expect(lineOf("keep")).toBeUndefined();
});
