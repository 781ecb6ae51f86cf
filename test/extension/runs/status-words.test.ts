// What the status bar says.
import { expect, it } from "vitest";
import type { FeedSnapshot } from "../../../extension/client/run-feed.ts";
import { statusWords } from "../../../extension/runs/status-words.ts";
import { done, running, someFeed, somePace, someRun } from "./some-runs.ts";

function check(feed: FeedSnapshot, text: string | undefined): void {
  expect(statusWords(feed, () => undefined, 0)?.text).toBe(text);
}

it("the run that is painted is shown with its stage and its share", () => {
  check(
    someFeed([someRun(1, done), someRun(2, running(1, 1))]),
    "$(sync~spin) dawn · stage 2/3 · 40 %",
  );
  check(someFeed([someRun(2, running(1, 1, true))]), "$(sync~spin) dawn · stopping");
});

it("it is hidden where nothing is painted, or nobody knows", () => {
  check(someFeed([]), undefined);
  check(someFeed([someRun(1, { kind: "queued" }), someRun(2, done)]), undefined);
  check(someFeed([someRun(1, running(0, 0))], { link: "lost" }), undefined);
});

it("its tooltip says what else waits and what a click does", () => {
  const feed = someFeed([someRun(1, running(0, 0)), someRun(2, { kind: "queued" })]);
  const pace = somePace(1000, { stage: 0, done: 1, total: 5 });
  expect(statusWords(feed, () => pace, 1000)?.tooltip).toBe(
    "4 s left, 1 waiting. Click to stop after the present step, and once more to stop at once.",
  );
});
