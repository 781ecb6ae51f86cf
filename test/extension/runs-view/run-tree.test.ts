// What the runs view shows of the queue, as text: a node a line, its children further in.
import { expect, it, vi } from "vitest";
import type { RunRecord, RunState } from "../../../daemon/protocol/run-record.ts";
import { describeEnded, describeQueued } from "../../../extension/runs-view/describe-run.ts";
import {
  keepHistory,
  type RunNode,
  runTree,
  viewState,
} from "../../../extension/runs-view/run-tree.ts";
import { done, failed, painted, queued, runRecord, words } from "./run-records.ts";

interface Known {
  readonly runs: readonly RunRecord[];
  readonly waiting?: readonly number[];
  readonly paused?: boolean;
}

function check({ runs, waiting = [], paused = false }: Known, expected: readonly string[]): void {
  const lines = (node: RunNode): readonly string[] => [
    `${node.label} | ${node.description} | ${node.context}`,
    ...node.children.flatMap(lines).map((line) => `  ${line}`),
  ];
  expect(runTree({ runs, waiting, paused }, words).flatMap(lines)).toEqual(expected);
}

it("without runs it holds nothing, so that the view can say what to do", () =>
  check({ runs: [] }, []));

it("the queue has what is painted first, then what waits in its order", () =>
  check(
    {
      runs: [
        runRecord(1, painted),
        runRecord(2, queued, { name: "wide" }),
        runRecord(3, { kind: "interrupted", why: "killed" }),
        runRecord(4, queued, { name: "sea" }),
      ],
      waiting: [4, 2, 3],
    },
    [
      "Queue | 3 waiting | queue",
      "  dawn | 50 % · stage 2/2 · step 4/10 · 12 s left · 256×128 | run-painted",
      "  sea | next · 256×128 | run-waiting",
      "  wide | 2nd in line · 256×128 | run-waiting",
      "  dawn | interrupted, goes on · 3rd in line · 256×128 | run-waiting",
    ],
  ));

it("until its pace is known, a run that is painted tells how many of its steps are done", () =>
  check({ runs: [runRecord(2, painted)] }, [
    "Queue |  | queue",
    "  dawn | 85 % · stage 2/2 · step 4/10 · 256×128 | run-painted",
  ]));

it("a queue that is paused says so", () =>
  check({ runs: [runRecord(1, queued)], waiting: [1], paused: true }, [
    "Queue | paused · 1 waiting | queue-paused",
    "  dawn | next · 256×128 | run-waiting",
  ]));

it("a run that is being stopped is another to menus than one that is painted", () =>
  check({ runs: [runRecord(1, { ...painted, stopping: true })] }, [
    "Queue |  | queue",
    "  dawn | stops after this step · 256×128 | run-stopping",
  ]));

it("history is by recipe, the newest first in all and in each", () =>
  check(
    {
      runs: [
        runRecord(1, done(10_000)),
        runRecord(2, failed(20_000), { name: "wide" }),
        runRecord(3, done(30_000), {
          pictures: [0, 1].map((image) => ({ prompt: 0, image, path: `/p/${image}.png`, atMs: 1 })),
        }),
        runRecord(4, { kind: "cancelled", endedMs: 15_000 }, { file: null }),
        runRecord(5, done(5000), { file: "/other/dawn.frecas" }),
      ],
    },
    [
      "Queue | empty | queue",
      "History | 5 runs | history",
      "  dawn | dawn.frecas · 2 runs | recipe",
      "    at 30 s | 9 s · 256×128 · 2 pictures | run-done",
      "    at 10 s | 9 s · 256×128 | run-done",
      "  wide | dawn.frecas | recipe",
      "    at 20 s | failed · 256×128 | run-failed",
      "  dawn | from no file | recipe",
      "    at 15 s | cancelled · 256×128 | run-cancelled",
      "  dawn | dawn.frecas | recipe",
      "    at 5 s | 9 s · 256×128 | run-done",
    ],
  ));

it("from tree to tree, a run that has ended is described once a day", () => {
  const history = keepHistory();
  const showTime = vi.fn(words.showTime);
  const ended = [runRecord(1, done(1)), runRecord(2, failed(2), { name: "wide" })];
  const tree = (more: readonly RunRecord[], today = words.today) => {
    showTime.mockClear();
    const known = { runs: [...ended, ...more], waiting: [], paused: false };
    return runTree(known, { ...words, today, showTime }, history)[1];
  };
  const first = tree([]);
  expect(showTime).toHaveBeenCalled();
  expect(tree([])).toBe(first);
  expect(showTime).not.toHaveBeenCalled();
  const next = tree([runRecord(3, done(3))]);
  // Its label and end, and when it was submitted: of no other run.
  expect(new Set(showTime.mock.calls.flat())).toEqual(new Set([3, 3000]));
  expect(next?.children[0]?.children[1]).toBe(first?.children[1]?.children[0]);
  expect(tree([runRecord(3, done(3))], "26 Nov")).not.toBe(next);
  expect(showTime).toHaveBeenCalledTimes(9);
});

it("of the recipes in the history, the newest is open", () => {
  const runs = [runRecord(1, done(1)), runRecord(2, done(2), { name: "wide" })];
  const [, history] = runTree({ runs, waiting: [], paused: false }, words);
  const open = history?.children.flatMap((node) =>
    node.kind === "recipe" && node.isOpen ? [node.label] : [],
  );
  expect(open).toEqual(["wide"]);
});

it("a number that waits and has no run is left out", () =>
  check({ runs: [runRecord(1, queued)], waiting: [7, 1] }, [
    "Queue | 1 waiting | queue",
    "  dawn | next · 256×128 | run-waiting",
  ]));

it("nodes have ids of their own", () => {
  const runs = [
    runRecord(1, done(1)),
    runRecord(2, done(2), { file: null }),
    runRecord(12, queued),
  ];
  const ids = (node: RunNode): readonly string[] => [node.id, ...node.children.flatMap(ids)];
  const all = runTree({ runs, waiting: [12], paused: false }, words).flatMap(ids);
  expect(new Set(all).size).toBe(all.length);
});

it("hovering a failed run says why it failed, and a finished one what it took and where it is", () => {
  const why = "engine: died three times, got no further; look at its log";
  expect(describeEnded(runRecord(1, failed(20_000)), words).tooltip).toEqual([
    "dawn · run 1",
    why,
    "",
    "Model: vista",
    "Stages: 128×64 (30 steps) → 256×128 (10 steps)",
    "Recipe: /recipes/dawn.frecas",
    "Submitted: at 1 s",
    "Ended: at 20 s",
  ]);
  const pictures = [{ prompt: 0, image: 0, path: "/p/0.png", atMs: 1 }];
  const finished = runRecord(2, done(20_000), { pictures, file: null });
  expect(describeEnded(finished, words).tooltip.slice(2)).toEqual([
    "Model: vista",
    "Stages: 128×64 (30 steps) → 256×128 (10 steps)",
    "Submitted: at 2 s",
    "Ended: at 20 s",
    "Took: 9 s, 450 MB at most",
    "Picture: /p/0.png",
  ]);
  const resumed = { kind: "done", endedMs: 20_000, seconds: null, peakBytes: 450_000_000 } as const;
  const { description, tooltip } = describeEnded(runRecord(3, resumed), words);
  expect(description).toBe("256×128");
  expect(tooltip).toContain("Took: several attempts, 450 MB at most");
});

it.each([
  [1, "next"],
  [2, "2nd in line"],
  [3, "3rd in line"],
  [4, "4th in line"],
  [11, "11th in line"],
  [13, "13th in line"],
  [22, "22nd in line"],
  [112, "112th in line"],
])("place %i in the queue is %s", (turn, place) =>
  expect(describeQueued(runRecord(1, queued), turn, words).description).toBe(`${place} · 256×128`),
);

it.each([
  ["up", false, /^$/],
  ["up", true, /^Paused/],
  ["lost", true, /^The daemon has ended/],
] as const)("while the daemon is %s and paused is %s, it says %s", (link, paused, says) => {
  const runs = [runRecord(1, painted), runRecord(2, queued), runRecord(3, done(1))];
  const { message, active } = viewState({ link, paused, runs, waiting: [2] });
  expect(message).toMatch(says);
  expect(active).toBe(2);
});

it.each<[string, RunState, Partial<RunRecord>, string]>([
  ["a finished run of a recipe", done(1), {}, "results"],
  ["a finished run from no file", done(1), { file: null }, "picture"],
  ["a run from no file that has painted nothing", queued, { file: null, pictures: [] }, "nothing"],
  ["a failed run", failed(1), {}, "failure"],
  ["a run that is painted", painted, {}, "results"],
])("a click on %s leads to what there is to see", (_, state, facts, kind) => {
  const pictures = [{ prompt: 0, image: 0, path: "/p/0.png", atMs: 1 }];
  const runs = [runRecord(7, state, { pictures, ...facts })];
  const flat = (node: RunNode): readonly RunNode[] => [node, ...node.children.flatMap(flat)];
  const nodes = runTree({ runs, waiting: [7], paused: false }, words).flatMap(flat);
  const node = nodes.find(({ id }) => id === "run-7");
  expect(node?.kind === "run" ? node.opens.kind : node).toBe(kind);
});
