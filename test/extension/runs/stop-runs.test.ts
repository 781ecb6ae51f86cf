// Which runs Stop ends.
import { expect, it } from "vitest";
import type { RunState } from "../../../daemon/protocol/run-record.ts";
import type { FeedSnapshot } from "../../../extension/client/run-feed.ts";
import { planStop, type StopPlace, type Stopping } from "../../../extension/runs/stop-runs.ts";
import { done, running, someFeed, someRun } from "./some-runs.ts";

/** "stop 3, 2", "ask 2", or a sentence. */
function check(feed: FeedSnapshot, place: StopPlace, expected: string): void {
  expect(said(planStop(feed, place))).toBe(expected);
}

function said(stopping: Stopping): string {
  switch (stopping.kind) {
    case "stop":
      return `stop ${stopping.ids.join(", ")}`;
    case "ask":
      return `ask ${stopping.run.id}`;
    case "nothing":
      return stopping.why;
    default:
      return stopping satisfies never;
  }
}

const queued: RunState = { kind: "queued" };
const four = someFeed([
  someRun(1, done),
  someRun(2, running(0, 0)),
  someRun(3, queued),
  someRun(4, { kind: "interrupted", why: "killed" }),
]);
const paused = someFeed([someRun(1, done), someRun(2, queued), someRun(3, queued)], {
  paused: true,
  waiting: [3, 2],
});
const elsewhere: StopPlace = { kind: "elsewhere" };
const lens = (...ids: readonly number[]): StopPlace => ({ kind: "runs", ids });
const recipe = (...ids: readonly number[]): StopPlace => ({ kind: "recipe", ids });

it("nothing is stopped where the daemon has ended: one would be started for it, which paints", () => {
  for (const place of [lens(2), recipe(2), elsewhere])
    check({ ...four, link: "lost" }, place, "The daemon has ended, so nothing is painted now.");
});

it("a lens stops its own runs, first those that wait", () =>
  check(four, lens(1, 2, 4), "stop 4, 2"));
it("a lens whose run has ended stops no other", () =>
  check(four, lens(1), "It has ended already."));
it("at a recipe, its runs are stopped", () => check(four, recipe(1, 3), "stop 3"));
it("at a recipe whose runs have ended, the painted one is asked about", () =>
  check(four, recipe(1), "ask 2"));
it("at a recipe without runs, too", () => check(paused, recipe(), "ask 3"));
it("elsewhere, what is painted is stopped", () => check(four, elsewhere, "stop 2"));
it("and where nothing is painted, what would be next", () => check(paused, elsewhere, "stop 3"));
it.each([elsewhere, recipe(1)])("where nothing is to be stopped, it says so", (place) =>
  check(someFeed([someRun(1, done)]), place, "No run is painted or waits."),
);
