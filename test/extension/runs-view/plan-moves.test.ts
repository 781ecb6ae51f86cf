// Runs that are dragged in the queue, and the order that the daemon makes of what is asked.
import { expect, it } from "vitest";
import {
  type DropPlace,
  type Move,
  placeOf,
  planMoves,
  planSteps,
} from "../../../extension/runs-view/plan-moves.ts";
import { type RunNode, runTree } from "../../../extension/runs-view/run-tree.ts";
import { done, painted, queued, runRecord, words } from "./run-records.ts";

const waiting: readonly number[] = [1, 2, 3, 4, 5];

const on = (id: number): DropPlace => ({ kind: "run", id });

/** The order after the daemon has done the move, which takes the run out, then puts it in. */
function after(order: readonly number[], { id, before }: Move): readonly number[] {
  const others = order.filter((other) => other !== id);
  return others.toSpliced(before === null ? others.length : others.indexOf(before), 0, id);
}

function check(dragged: readonly number[], place: DropPlace, expected: readonly number[]): void {
  const moves = planMoves(dragged, place, waiting);
  expect(moves.reduce(after, waiting)).toEqual(expected);
  if (expected.join() === waiting.join()) expect(moves).toEqual([]);
}

it("dragged up, a run comes in front of the one it is dropped on", () =>
  check([4], on(2), [1, 4, 2, 3, 5]));

it("dragged down, a run comes behind the one it is dropped on", () =>
  check([2], on(4), [1, 3, 4, 2, 5]));

it("dragged down to the last, a run is the last", () => check([2], on(5), [1, 3, 4, 5, 2]));

it("dropped on its neighbour below, it changes places with it", () =>
  check([2], on(3), [1, 3, 2, 4, 5]));

it("several runs stay in their order, whatever the order they were chosen in", () =>
  check([4, 2], on(1), [2, 4, 1, 3, 5]));

it("several runs that stood apart are together afterwards", () =>
  check([1, 3], on(4), [2, 4, 1, 3, 5]));

it("dropped on the section, a run is the first", () =>
  check([3], { kind: "first" }, [3, 1, 2, 4, 5]));

it("dropped below all, a run is the last", () => check([3], { kind: "last" }, [1, 2, 4, 5, 3]));

it("runs that do not wait are not moved", () => check([99, 3], on(1), [3, 1, 2, 4, 5]));

it.each<[string, readonly number[], DropPlace]>([
  ["nothing that waits", [99], on(1)],
  ["a run on itself", [2], on(2)],
  ["a run that has begun meanwhile", [2], on(99)],
  ["the first to the front", [1], { kind: "first" }],
  ["the last to the end", [5], { kind: "last" }],
  ["two that are together on one of them", [2, 3], on(3)],
])("nothing is asked for %s", (_, dragged, place) => check(dragged, place, waiting));

it.each<[string, DropPlace | null]>([
  ["queue", { kind: "first" }],
  ["run-1", { kind: "first" }],
  ["run-2", on(2)],
  ["history", null],
  ["run-3", null],
  ["below all", { kind: "last" }],
])("a drop on %s means a place, or nothing", (target, expected) => {
  const runs = [runRecord(1, painted), runRecord(2, queued), runRecord(3, done(1))];
  const flat = (node: RunNode): readonly RunNode[] => [node, ...node.children.flatMap(flat)];
  const nodes = runTree({ runs, waiting: [2], paused: false }, words).flatMap(flat);
  expect(placeOf(nodes.find(({ id }) => id === target))).toEqual(expected);
});

it.each<[string, readonly number[], -1 | 1, readonly number[]]>([
  ["one place up", [3], -1, [1, 3, 2, 4, 5]],
  ["one place down", [3], 1, [1, 2, 4, 3, 5]],
  ["several up, in their order", [4, 3], -1, [1, 3, 4, 2, 5]],
  ["several down, in their order", [2, 3], 1, [1, 4, 2, 3, 5]],
  ["the first up to where it is", [1, 2], -1, waiting],
  ["the last down to where it is", [4, 5], 1, waiting],
  ["what stands apart each by itself", [1, 3], 1, [2, 1, 4, 3, 5]],
  ["what does not wait nowhere", [99], 1, waiting],
])("runs go %s", (_, chosen, step, expected) =>
  expect(planSteps(chosen, step, waiting).reduce(after, waiting)).toEqual(expected),
);
