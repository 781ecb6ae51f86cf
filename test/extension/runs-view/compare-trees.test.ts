// What the editor draws again when runs change.
import { expect, it } from "vitest";
import type { RunRecord } from "../../../daemon/protocol/run-record.ts";
import { compareTrees, type TreeChange } from "../../../extension/runs-view/compare-trees.ts";
import { runTree } from "../../../extension/runs-view/run-tree.ts";
import { done, painted, queued, runRecord, words } from "./run-records.ts";

interface Known {
  readonly runs: readonly RunRecord[];
  readonly waiting?: readonly number[];
}

function check(before: Known, after: Known, expected: TreeChange): void {
  const tree = ({ runs, waiting = [] }: Known) => runTree({ runs, waiting, paused: false }, words);
  expect(compareTrees(tree(before), tree(after))).toEqual(expected);
}

const nodes = (...ids: readonly string[]): TreeChange => ({ kind: "nodes", ids });

const two = { runs: [runRecord(1, painted), runRecord(2, queued)], waiting: [2] };

it("the same tree needs nothing", () => check(two, two, nodes()));

it("a step of the run that is painted draws that run alone", () => {
  const progress = { prompt: 0, stage: 1, step: 4, steps: 10, done: 35, total: 40 };
  const next = runRecord(1, { ...painted, progress });
  check(two, { ...two, runs: [next, runRecord(2, queued)] }, nodes("run-1"));
});

it("another order draws the queue", () => {
  const runs = [runRecord(1, queued), runRecord(2, queued)];
  check({ runs, waiting: [1, 2] }, { runs, waiting: [2, 1] }, nodes("queue"));
});

it("the first run that ends brings the history, so all is drawn", () =>
  check(
    two,
    { runs: [runRecord(1, done(1)), runRecord(2, queued)], waiting: [2] },
    { kind: "all" },
  ));

it("a run that ends beside others of its recipe draws the queue and the history", () => {
  const before = [runRecord(1, done(1)), runRecord(2, painted)];
  const after = [runRecord(1, done(1)), runRecord(2, done(2))];
  check({ runs: before }, { runs: after }, nodes("queue", "history"));
});

it("the first run draws all", () => check({ runs: [] }, two, { kind: "all" }));
