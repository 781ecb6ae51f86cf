// The preview while somebody writes: good plans, errors, other recipes.
import { expect, it } from "vitest";
import type { PlannedRecipe } from "../../../extension/plan-request/plan-request.ts";
import { nextState, type ShownPlan } from "../../../extension/plan-view/next-state.ts";
import { planOf } from "../../plan/plan-inputs.ts";

const planned = (name: string, line = 0): PlannedRecipe => ({
  kind: "planned",
  name,
  fromLine: line,
  line,
  plan: { ...planOf({}), name },
  seconds: 1,
  availableBytes: 2 ** 40,
  warnings: [],
  compares: [],
});
const refused = (name: string, line = 0): PlannedRecipe => ({
  kind: "refused",
  name,
  fromLine: line,
  line,
  why: "size: must be a multiple of 8, got 513; write 512",
});

const start: ShownPlan = { uri: "", state: { kind: "nothing", why: "" } };

/** What is shown after these answers about a file, in one line. */
function check(
  answers: readonly (readonly [string, ...PlannedRecipe[]])[],
  expected: string,
): void {
  let shown = start;
  for (const [uri, ...recipes] of answers) shown = nextState(shown, { uri, line: 0 }, recipes);
  const { state } = shown;
  const words =
    state.kind === "shown"
      ? `${state.figures.map(({ name }) => name).join(" ")} | ${state.stale ?? "as it is"}`
      : state.why;
  expect(words).toBe(expected);
}

const why = "size: must be a multiple of 8, got 513; write 512";

it("a plan is shown", () => check([["a", planned("dawn")]], "dawn | as it is"));

it("a sweep shows all of its plans", () =>
  check([["a", planned("dawn-1"), planned("dawn-2")]], "dawn-1 dawn-2 | as it is"));

it("what cannot be planned says why", () => check([["a", refused("dawn")]], why));

it("while the text has an error, the plan before stays and is marked", () =>
  check(
    [
      ["a", planned("dawn")],
      ["a", refused("dawn")],
    ],
    `dawn | ${why}`,
  ));

it("a swept recipe with an error keeps its plans", () =>
  check(
    [
      ["a", planned("dawn-1"), planned("dawn-2")],
      ["a", refused("dawn")],
    ],
    `dawn-1 dawn-2 | ${why}`,
  ));

it("when the error is mended, the mark goes", () =>
  check(
    [
      ["a", planned("dawn")],
      ["a", refused("dawn")],
      ["a", planned("dawn")],
    ],
    "dawn | as it is",
  ));

it("another recipe's error does not keep the plan of the one before", () =>
  check(
    [
      ["a", planned("dawn")],
      ["a", refused("wide")],
    ],
    why,
  ));

it("a recipe whose name begins alike is another one", () =>
  check(
    [
      ["a", planned("dawn-red")],
      ["a", refused("dawn")],
    ],
    why,
  ));

it("a recipe called by another one's name and a number is another one", () =>
  check(
    [
      ["a", refused("dawn", 5), planned("dawn-2")],
      ["a", refused("dawn"), planned("dawn-2", 5)],
    ],
    why,
  ));

it("the same name in another file is another recipe", () =>
  check(
    [
      ["a", planned("dawn")],
      ["b", refused("dawn")],
    ],
    why,
  ));

it("a text that cannot be read at all keeps the plan", () =>
  check(
    [["a", planned("dawn")], ["a"]],
    "dawn | There is no recipe here yet: write at least `prompt: …`.",
  ));

it("an empty file says what to write", () =>
  check([["a"]], "There is no recipe here yet: write at least `prompt: …`."));
