// Whose a picture is that several runs have painted, and what is shown of a run that somebody asks for.
import { expect, it } from "vitest";
import type { RunRecord, RunState } from "../../daemon/protocol/run-record.ts";
import { followRun } from "../../extension/panel/follow-run.ts";
import { paintersOf, picturesLeft } from "../../extension/panel/painters.ts";
import { someRun } from "../extension/runs/some-runs.ts";

const ended = (endedMs: number): RunState => ({ kind: "done", endedMs, seconds: 1, peakBytes: 1 });
const running: RunState = { kind: "running", startedMs: 0, progress: null, stopping: false };

/** Its pictures are painted at `atMs`, in the order of the runs unless it is given. */
function run(id: number, state: RunState, paths: readonly string[], atMs = id): RunRecord {
  const pictures = paths.map((path, image) => ({ prompt: 0, image, path, atMs }));
  return someRun(id, state, { pictures });
}

function checkPainter(times: readonly number[], painter: number): void {
  const runs = times.map((atMs, index) => run(index + 1, ended(9), ["/a.png"], atMs));
  expect(paintersOf(runs).get("/a.png")?.id).toBe(painter);
}

it("a picture is of the run that painted it last, whenever it was submitted", () => {
  checkPainter([1, 2], 2);
  checkPainter([3, 2], 1);
  checkPainter([2, 2], 2);
});

it("a run that is tried again has not yet painted over what others have painted since", () => {
  const again: readonly RunState[] = [{ kind: "queued" }, running];
  for (const state of again) {
    const [first, second] = [run(1, state, ["/a.png", "/b.png"]), run(2, ended(9), ["/a.png"])];
    const painters = paintersOf([first, second]);
    expect(picturesLeft(first, painters)).toEqual(["/b.png"]);
    expect(picturesLeft(second, painters)).toEqual(["/a.png"]);
  }
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
