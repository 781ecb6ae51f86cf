// Whose a picture is that several runs have painted, and what is shown of a run that somebody asks for.
import { expect, it } from "vitest";
import type { RunRecord, RunState } from "../../daemon/protocol/run-record.ts";
import { followRun } from "../../extension/panel/follow-run.ts";
import { paintersOf, picturesLeft } from "../../extension/panel/painters.ts";
import { someRun } from "../extension/runs/some-runs.ts";

const ended = (endedMs: number): RunState => ({ kind: "done", endedMs, seconds: 1, peakBytes: 1 });
const running: RunState = { kind: "running", startedMs: 0, progress: null, stopping: false };

function run(id: number, state: RunState, paths: readonly string[]): RunRecord {
  const pictures = paths.map((path, image) => ({ prompt: 0, image, path }));
  return someRun(id, state, { pictures });
}

function checkPainter(states: readonly RunState[], painter: number): void {
  const runs = states.map((state, index) => run(index + 1, state, ["/a.png"]));
  expect(paintersOf(runs).get("/a.png")?.id).toBe(painter);
}

it("a picture is of the run that ended last, whenever it was submitted", () => {
  checkPainter([ended(1), ended(2)], 2);
  checkPainter([ended(3), ended(2)], 1);
});

it("a run that has not ended has painted after all that have", () => {
  checkPainter([running, ended(9)], 1);
  checkPainter([{ kind: "interrupted", why: "killed" }, ended(9)], 1);
});

it("a run keeps the pictures that no other one has painted over", () => {
  const first = run(1, ended(1), ["/a.png", "/b.png", "/c.png"]);
  const painters = paintersOf([first, run(2, ended(2), ["/b.png"])]);
  expect(picturesLeft(first, painters)).toEqual(["/a.png", "/c.png"]);
});

const older = run(1, ended(1), ["/a1.png", "/a2.png"]);
const over = run(2, ended(2), ["/b.png"]);
const newest = run(3, ended(3), ["/b.png"]);

it.each<{ says: string; id: number | undefined; more?: RunRecord; path: string | null }>([
  { says: "an older run shows its last picture", id: 1, path: "/a2.png" },
  { says: "the newest picture is followed by what comes", id: 3, path: null },
  {
    says: "a run that is painted is followed",
    id: 4,
    more: run(4, running, ["/d.png"]),
    path: null,
  },
  { says: "so is one that waits", id: 4, more: run(4, { kind: "queued" }, []), path: null },
  {
    says: "a run without pictures shows the newest",
    id: 4,
    more: run(4, ended(4), []),
    path: null,
  },
  { says: "no run shows the newest", id: undefined, path: null },
  { says: "a run that is forgotten shows the newest", id: 8, path: null },
])("$says", ({ id, more, path }) => {
  const runs = [older, over, newest, ...(more === undefined ? [] : [more])];
  expect(followRun(id, runs, paintersOf(runs))).toEqual({ path, notice: "" });
});

it("a run whose pictures are painted over says so", () => {
  const runs = [older, over, newest];
  expect(followRun(2, runs, paintersOf(runs))).toEqual({
    path: null,
    notice: "Later runs have painted over the pictures of run 2.",
  });
});
