// When the ends of runs are told: with the last of them, though some that wait never begin.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FeedSnapshot } from "../../../extension/client/run-feed.ts";
import { tellEnds } from "../../../extension/runs/notify.ts";
import { editor } from "../fake-editor.ts";
import { fakeFeed } from "../fake-feed.ts";
import { done, running, someFeed, someRun } from "./some-runs.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => {
  editor.reset();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const first = someRun(1, running(0, 0));
const second = someRun(2, { kind: "queued" }, { name: "wide" });
const firstDone = someRun(1, done);
const wideDone = someRun(2, done, { name: "wide" });

/** The first of two runs ends, and then the queue is as these say, one after the other. */
function check(after: readonly FeedSnapshot[], expected: readonly string[]): void {
  const { feed, tell } = fakeFeed(someFeed([]));
  tellEnds({ feed } as never);
  tell({ kind: "runs" }, someFeed([first, second]));
  tell({ kind: "run", id: 1 }, someFeed([firstDone, second]));
  vi.runAllTimers();
  for (const snapshot of after) {
    tell({ kind: "runs" }, snapshot);
    vi.runAllTimers();
  }
  expect(editor.said).toEqual(expected);
}

it("a picture waits to be told with the one that is painted next", () => {
  check([], []);
  check([someFeed([firstDone, wideDone])], ["wide and 1 more are painted."]);
});

it("a picture is told when the run that waits is forgotten", () =>
  check([someFeed([firstDone])], ["dawn is painted."]));

it("a picture is told when the queue is paused, and only once", () =>
  check(
    [
      someFeed([firstDone, second], { paused: true }),
      someFeed([firstDone, second], { paused: false }),
    ],
    ["dawn is painted."],
  ));

it("a run that is painted goes on in a paused queue", () =>
  check(
    [
      someFeed([firstDone, { ...second, state: running(0, 0) }], { paused: true }),
      someFeed([firstDone, wideDone], { paused: true }),
    ],
    ["wide and 1 more are painted."],
  ));
