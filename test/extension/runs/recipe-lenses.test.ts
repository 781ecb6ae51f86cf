// What stands above a recipe in each state of its runs.
import { expect, it } from "vitest";
import type { RunState } from "../../../daemon/protocol/run-record.ts";
import { type LensFacts, recipeLenses } from "../../../extension/runs/recipe-lenses.ts";
import { done, failed, file, running, someFeed, somePace, somePlan, someRun } from "./some-runs.ts";

const plan = "Plan · 512×512 · 50 steps · ~9 s";

function facts(more: Partial<LensFacts>): LensFacts {
  return {
    recipes: [somePlan("dawn")],
    uri: "file:///recipes/dawn.frecas",
    file,
    feed: someFeed([]),
    pace: () => undefined,
    isTrusted: true,
    nowMs: 0,
    ...more,
  };
}

function check(more: Partial<LensFacts>, expected: readonly string[]): void {
  expect(recipeLenses(facts(more)).map(({ title }) => title)).toEqual(expected);
}

it("a recipe without runs can be generated", () => {
  check({}, ["▶ Generate", plan, "Compare methods"]);
});

it("every recipe of a file has its own lenses, on its own line", () => {
  const recipes = [somePlan("dawn"), somePlan("wide", { line: 7 })];
  const lenses = recipeLenses(facts({ recipes, feed: someFeed([someRun(1, done)]) }));
  expect(lenses.map(({ line, title }) => `${line} ${title}`)).toEqual([
    "0 ▶ Generate",
    `0 ${plan}`,
    "0 Compare methods",
    "0 Show",
    "0 ↻ Again with a new seed",
    "7 ▶ Generate",
    `7 ${plan}`,
    "7 Compare methods",
  ]);
  expect(lenses.at(-3)?.arguments).toEqual([{ uri: "file:///recipes/dawn.frecas", name: "wide" }]);
});

it("runs of a recipe whose name goes on with a number are not those of the shorter name", () => {
  const recipes = [somePlan("dawn"), somePlan("dawn-2", { line: 7 })];
  const runs = [someRun(1, done, { name: "dawn-2" })];
  const lenses = recipeLenses(facts({ recipes, feed: someFeed(runs) }));
  expect(lenses.filter(({ title }) => title === "Show").map(({ line }) => line)).toEqual([7]);
});

it("each run is looked at once, however many recipes the file has", () => {
  const recipes = Array.from({ length: 20 }, (_, at) =>
    somePlan(`dawn-of-${at}-days`, { line: at }),
  );
  let looks = 0;
  const runs = recipes.map(({ name }, at) =>
    Object.defineProperty(someRun(at + 1, done, { name }), "file", {
      get: () => {
        looks += 1;
        return file;
      },
    }),
  );
  const lenses = recipeLenses(facts({ recipes, feed: someFeed(runs) }));
  expect(lenses.filter(({ title }) => title === "Show")).toHaveLength(20);
  expect(looks).toBe(20);
});

it("runs of a sweep are its recipe's, also of a value that it has no more", () => {
  const recipes = [somePlan("dawn-1"), somePlan("dawn-2")];
  const runs = [someRun(1, done, { name: "dawn-3" })];
  const lenses = recipeLenses(facts({ recipes, feed: someFeed(runs) }));
  expect(lenses.map(({ title }) => title)).toContain("Show");
});

it("a sweep is one recipe with several pictures", () => {
  const recipes = [somePlan("dawn-1"), somePlan("dawn-2")];
  check({ recipes }, ["▶ Generate", "Plan · 2 pictures · 512×512 · 50 steps · ~18 s"]);
  const [generate] = recipeLenses(facts({ recipes }));
  expect(generate?.arguments).toEqual([{ uri: "file:///recipes/dawn.frecas", name: "dawn" }]);
});

it("a time that is not known is not said", () => {
  check({ recipes: [somePlan("dawn", { seconds: null })] }, [
    "▶ Generate",
    "Plan · 512×512 · 50 steps",
    "Compare methods",
  ]);
});

it("a comparison can be painted where there is one, and its runs are the recipe's", () => {
  const recipes = [somePlan("dawn", { compares: ["dawn-compare-1"] })];
  check({ recipes }, ["▶ Generate", plan, "Compare"]);
  const feed = someFeed([someRun(1, running(0, 0), { name: "dawn-compare-1" })]);
  // Its own time is not known: it may cost more or less than the recipe.
  check({ recipes, feed }, ["■ Stop · stage 1/3 · step 1/10", plan, "Show"]);
});

it("a recipe that cannot be planned says why", () => {
  const why = "model: must be a name";
  const recipes = [{ kind: "refused" as const, name: "dawn", fromLine: 0, line: 0, why }];
  check({ recipes }, ["▶ Generate", `Cannot be painted: ${why}`]);
});

it("nothing is generated in a workspace that is not trusted", () => {
  check({ isTrusted: false }, ["Trust this workspace to generate", plan]);
});

const pace = () => somePace(8000, { stage: 1, since: 10, done: 14, total: 20 });

it.each<{ says: string; state: RunState; more?: Partial<LensFacts>; title: string }>([
  {
    says: "opening",
    state: { ...running(0, 0), progress: null } as RunState,
    title: "■ Stop · opening the model · ~9 s left",
  },
  { says: "its place", state: running(1, 3), title: "■ Stop · stage 2/3 · step 4/10 · ~9 s left" },
  {
    says: "what its estimate leaves",
    state: running(1, 3),
    more: { nowMs: 4000 },
    title: "■ Stop · stage 2/3 · step 4/10 · ~5 s left",
  },
  {
    says: "the time left by its own pace",
    state: running(1, 3),
    more: { pace, nowMs: 8000 },
    title: "■ Stop · stage 2/3 · step 4/10 · 12 s left",
  },
  {
    says: "less as time passes",
    state: running(1, 3),
    more: { pace, nowMs: 10_000 },
    title: "■ Stop · stage 2/3 · step 4/10 · 10 s left",
  },
  {
    says: "that it is stopping",
    state: running(1, 3, true),
    title: "■ Stopping after this step · Stop now",
  },
])("a run that is painted says $says", ({ state, more, title }) => {
  check({ feed: someFeed([someRun(1, state)]), ...more }, [title, plan, "Show"]);
});

it.each([
  { before: 0, title: "Waiting, next · ■ Stop" },
  { before: 1, title: "Waiting, 2nd · ■ Stop" },
  { before: 2, title: "Waiting, 3rd · ■ Stop" },
  { before: 10, title: "Waiting, 11th · ■ Stop" },
  { before: 21, title: "Waiting, 22nd · ■ Stop" },
])("a run behind $before others says its place", ({ before, title }) => {
  const others = Array.from({ length: before }, (_, index) =>
    someRun(index + 2, { kind: "queued" }, { name: "other" }),
  );
  check({ feed: someFeed([...others, someRun(1, { kind: "queued" })]) }, [title, plan]);
});

it("a paused queue says so, and more runs of the recipe are counted", () => {
  const waits = someRun(2, { kind: "queued" });
  check({ feed: someFeed([waits], { paused: true }) }, [
    "Waiting, the queue is paused · ■ Stop",
    plan,
  ]);
  const feed = someFeed([someRun(1, running(0, 0)), waits, someRun(3, { kind: "queued" })]);
  check({ feed }, ["■ Stop · stage 1/3 · step 1/10 · ~9 s left · 2 more", plan, "Show"]);
  expect(recipeLenses(facts({ feed }))[0]?.arguments).toMatchObject([{ ids: [1, 2, 3] }]);
});

it("a run that failed says why, and can be tried again", () => {
  check({ feed: someFeed([someRun(1, done), someRun(2, failed)]) }, [
    "▶ Generate",
    "Failed: memory: the run needs 9 GB",
    "Retry",
    "Log",
    plan,
    "Compare methods",
    "Show",
    "↻ Again with a new seed",
  ]);
});

it("a failure that a later run has mended is not told any more, nor is one of another file", () => {
  const shown = ["▶ Generate", plan, "Compare methods", "Show", "↻ Again with a new seed"];
  check({ feed: someFeed([someRun(1, failed), someRun(2, done)]) }, shown);
  check(
    { feed: someFeed([someRun(1, done), someRun(2, failed, { file: "/recipes/b.frecas" })]) },
    shown,
  );
});

it("runs whose daemon has ended can go on", () => {
  const feed = someFeed([someRun(1, running(0, 0))], { link: "lost" });
  check({ feed }, ["The daemon has ended · ▶ Go on", plan, "Show"]);
});
