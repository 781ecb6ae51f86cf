// Which runs are compared, how they differ, and what each of them cost.
import { expect, it } from "vitest";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { comparedRuns, describeComparison } from "../../extension/panel/comparison.ts";
import { paintersOf } from "../../extension/panel/painters.ts";

function run(id: number, submittedMs: number, more: Partial<RunRecord> = {}): RunRecord {
  const size = { width: 512, height: 512 };
  return {
    id,
    name: `dawn-${id}`,
    model: "vista",
    size,
    stages: [],
    file: "/d.frecas",
    submittedMs,
    state: { kind: "queued" },
    pictures: [],
    keptStages: [],
    ...more,
  };
}

function plan(method: string, flops: readonly number[], recipe: string | null): Plan {
  const cost = { denoiserByStage: flops };
  return { method, cost, recipe, prompts: [{}], memory: { peak: 7 } } as unknown as Plan;
}

it.each<{ says: string; times: readonly number[]; ids: readonly number[] }>([
  { says: "runs submitted together", times: [5, 5, 5], ids: [1, 2, 3] },
  { says: "the newest such runs", times: [5, 5, 6, 6], ids: [3, 4] },
  { says: "an older comparison where the newest run is alone", times: [5, 5, 6], ids: [1, 2] },
  { says: "nothing where each run is alone", times: [5, 6], ids: [] },
  { says: "nothing of a long list", times: Array(25).fill(5), ids: [] },
])("compares $says", ({ times, ids }) => {
  const runs = times.map((atMs, index) => run(index + 1, atMs));
  expect(comparedRuns(runs).map(({ id }) => id)).toEqual(ids);
});

function check(plans: readonly Plan[], expected: readonly [string, number | undefined][]): void {
  const runs = plans.map((_, index) => run(index + 1, 5));
  const known = new Map(plans.map((one, index) => [index + 1, one]));
  const members = describeComparison(runs, known, new Map());
  expect(members.map((one) => [one.label, one.plan?.cost])).toEqual(expected);
}

it("methods are called by their names, and cost as often as much as frecas", () =>
  check(
    [plan("direct", [30], "gamma: 1\n"), plan("frecas", [2, 10], "gamma: 2\n")],
    [
      ["direct", 2.5],
      ["frecas", 1],
    ],
  ));

it("changes are called by the keys that differ, and cost as often as much as the first", () =>
  check(
    [
      plan("frecas", [4], "name: a\ngamma: 1.5\nstages:\n  - { size: 512 }\nseed: 1\n"),
      plan("frecas", [8], "name: b\ngamma: 2\nstages:\n  - { size: 512 }\nseed: 1\n"),
      plan("frecas", [2], "name: c\ngamma: 2\nstages:\n  - { size: 256 }\nseed: 1\n"),
    ],
    [
      ["gamma: 1.5, stages: - { size: 512 }", 1],
      ["gamma: 2, stages: - { size: 512 }", 2],
      ["gamma: 2, stages: - { size: 256 }", 0.5],
    ],
  ));

it("a run is called by its name where no plan tells", () => {
  check(
    [plan("frecas", [1], null), plan("frecas", [1], null)],
    [
      ["dawn-1", 1],
      ["dawn-2", 1],
    ],
  );
  const [member] = describeComparison([run(1, 5), run(2, 5)], new Map(), new Map());
  expect(member).toMatchObject({ label: "dawn-1", plan: null, state: "waiting" });
});

it("says how a run ended, and what it took", () => {
  const done = { kind: "done", endedMs: 9, seconds: 3, peakBytes: 8 } as const;
  const failed = {
    kind: "failed",
    endedMs: 9,
    code: "memory.short",
    message: "memory: …",
  } as const;
  const pictures = [{ prompt: 0, image: 0, path: "/a.png", atMs: 5 }];
  const runs = [run(1, 5, { state: done, pictures }), run(2, 5, { state: failed })];
  const known = new Map([[1, plan("frecas", [1], null)]]);
  expect(describeComparison(runs, known, paintersOf(runs))).toMatchObject([
    { state: "done", seconds: 3, engineBytes: 8, pictures: ["/a.png"], plan: { peakBytes: 7 } },
    { state: "failed", why: "memory: …", seconds: null, engineBytes: null, plan: null },
  ]);
});

it("a picture that a later run has painted over is not the member's any more", () => {
  const picture = (path: string, atMs = 5) => ({ prompt: 0, image: 0, path, atMs });
  const stages = [8, 0].map((steps) => ({ size: { width: 512, height: 512 }, steps }));
  const compared = [
    run(1, 5, { pictures: [picture("/a.png"), picture("/b.png")], stages }),
    run(2, 5, { pictures: [picture("/c.png")] }),
  ];
  const all = [...compared, run(3, 6, { pictures: [picture("/a.png", 6)], file: "/other.frecas" })];
  expect(describeComparison(compared, new Map(), paintersOf(all))).toMatchObject([
    { pictures: ["/b.png"], steps: [8, 0] },
    { pictures: ["/c.png"], steps: [] },
  ]);
});
