// Which ends of runs are told, and in which words.
import { expect, it } from "vitest";
import { type EndFacts, endNews } from "../../../extension/runs/end-news.ts";
import { done, failed, someRun } from "./some-runs.ts";

function check(facts: Partial<EndFacts>, expected: string): void {
  const news = endNews({
    ended: [],
    isBusy: false,
    isFocused: false,
    setting: "unfocused",
    ...facts,
  });
  expect("text" in news ? `${news.kind} ${news.run.id}: ${news.text}` : news.kind).toBe(expected);
}

const one = someRun(1, done);
const two = someRun(2, done, { name: "wide" });
const wrong = someRun(3, failed);

it("pictures that are done are told where nobody looks, all in one when the last is done", () => {
  check({ ended: [one] }, "done 1: dawn is painted.");
  check({ ended: [one, two], isBusy: true }, "later");
  check({ ended: [one, two] }, "done 2: wide and 1 more are painted.");
  check({ ended: [one], isFocused: true }, "none");
  check({ ended: [one], isFocused: true, setting: "always" }, "done 1: dawn is painted.");
});

it("a failure is told at once, whoever looks", () => {
  check(
    { ended: [wrong], isFocused: true, isBusy: true },
    "failed 3: dawn failed: memory: the run needs 9 GB",
  );
  check(
    { ended: [one, wrong, someRun(4, failed)] },
    "failed 3: dawn failed: memory: the run needs 9 GB (1 more failed)",
  );
});

it("nothing is told of what was cancelled, and nothing at all where nothing is wanted", () => {
  check({ ended: [someRun(1, { kind: "cancelled", endedMs: 1 })] }, "none");
  check({ ended: [one, wrong], setting: "never" }, "none");
});
