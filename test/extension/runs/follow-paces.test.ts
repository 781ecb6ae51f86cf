// Paces of the runs that are painted: by what their plans say once the daemon has told it, and forgotten at their ends.
import { expect, it } from "vitest";
import type { FeedChange, RunFeed } from "../../../extension/client/run-feed.ts";
import { followPaces } from "../../../extension/runs/follow-paces.ts";
import { secondsLeft } from "../../../extension/runs/pace.ts";
import { done, running, someFeed, someRun } from "./some-runs.ts";

/** A feed of one run that is painted, and how to let it go on. */
function playedFeed(link: "up" | "lost") {
  const listeners: ((change: FeedChange) => void)[] = [];
  let snapshot = someFeed([someRun(1, running(0, 0))], { link });
  const asked: string[] = [];
  const cost = { denoiserByStage: [1, 1, 8], vaeByStage: [0, 0, 0] };
  const stages = [10, 10, 10].map((count) => ({ steps: Array.from({ length: count }) }));
  const feed = {
    snapshot: () => snapshot,
    onChange: (listener: (change: FeedChange) => void) => {
      listeners.push(listener);
      return { dispose: () => {} };
    },
    ask: async (method: string) => {
      asked.push(method);
      return { plan: { stages, cost } };
    },
  } as unknown as RunFeed;
  const tell = (change: FeedChange): void => {
    for (const listener of listeners) listener(change);
  };
  return {
    feed,
    asked,
    step: (step: number, stage = 0): void =>
      tell({
        kind: "progress",
        id: 1,
        atMs: 0,
        event: {
          kind: "step",
          prompt: 0,
          stage,
          step,
          steps: 10,
          timestep: 0,
          done: 10 * stage + step + 1,
          total: 30,
        },
      }),
    turn: (to: "up" | "lost"): void => {
      snapshot = { ...snapshot, link: to };
      tell({ kind: "link" });
    },
    begin: (): void => tell({ kind: "run", id: 1 }),
    end: (): void => {
      snapshot = someFeed([someRun(1, done)]);
      tell({ kind: "run", id: 1 });
    },
  };
}

it("a run's plan is asked for once, and its steps weigh what the plan says", async () => {
  const played = playedFeed("up");
  let nowMs = 0;
  const paces = followPaces(played.feed, () => nowMs);
  played.begin();
  await new Promise((resolve) => setImmediate(resolve));
  played.step(0);
  nowMs = 1000;
  played.step(1);
  const pace = paces.of(1);
  // Each step of the first stage is a tenth of a unit, and 9.8 units are left.
  expect(pace && secondsLeft(pace, nowMs)).toBeCloseTo(98, 6);
  expect(played.asked).toEqual(["get"]);
  played.end();
  expect(paces.of(1)).toBeUndefined();
});

it("where the daemon is gone nothing is asked, for that would start one", async () => {
  const played = playedFeed("lost");
  const paces = followPaces(played.feed, () => 0);
  played.begin();
  played.step(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(played.asked).toEqual([]);
  expect(paces.of(1)).toBeDefined();
});

it("the time between a daemon's end and the next one's beginning is no pace of the run's", async () => {
  const played = playedFeed("up");
  let nowMs = 0;
  const paces = followPaces(played.feed, () => nowMs);
  played.begin();
  await new Promise((resolve) => setImmediate(resolve));
  played.step(0);
  played.turn("lost");
  expect(paces.of(1)).toBeUndefined();
  nowMs = 3_600_000;
  played.turn("up");
  played.step(1);
  nowMs += 1000;
  played.step(2);
  const pace = paces.of(1);
  expect(pace && secondsLeft(pace, nowMs)).toBeCloseTo(97, 6);
});

it("a plan that could not be asked for is asked for once a daemon is up", async () => {
  const played = playedFeed("lost");
  const paces = followPaces(played.feed, () => 0);
  played.begin();
  await new Promise((resolve) => setImmediate(resolve));
  played.turn("up");
  played.step(0);
  await new Promise((resolve) => setImmediate(resolve));
  played.step(1);
  expect(played.asked).toEqual(["get"]);
  expect(paces.of(1)?.total).toBeCloseTo(10, 6);
});
