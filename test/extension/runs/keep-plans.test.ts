// Answers of the language server that are shown again without asking, and for how long.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RecipePlans } from "../../../extension/plan-request/plan-request.ts";
import { keepPlans } from "../../../extension/runs/keep-plans.ts";
import { editor, fakeDocument, vscode } from "../fake-editor.ts";
import { fakeFeed } from "../fake-feed.ts";
import { done, someFeed, somePlan, someRun } from "./some-runs.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => {
  editor.reset();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const planned = somePlan("dawn");
const refused = { kind: "refused" as const, name: "b", fromLine: 0, line: 0, why: "no model" };

/** Asks for the plans of a document of these recipes whenever `look` is called, as lenses that are shown do. */
function open(recipes: RecipePlans["recipes"]) {
  const plans = vi.fn(async (): Promise<RecipePlans> => ({ version: 1, recipes }));
  const onStale = vi.fn();
  const language = { plans, onPlansChanged: () => new vscode.Disposable() };
  const { feed, tell } = fakeFeed(someFeed([]));
  const kept = keepPlans({ feed, language } as never, onStale);
  const document = fakeDocument("file:///recipes/dawn.frecas") as never;
  return { plans, onStale, tell, look: () => kept.of(document) };
}

it("what can be painted is asked about once, until a run has measured this machine", async () => {
  editor.focus(true);
  const { plans, onStale, tell, look } = open([planned]);
  await look();
  vi.advanceTimersByTime(60_000);
  await look();
  expect(plans).toHaveBeenCalledTimes(1);
  expect(onStale).not.toHaveBeenCalled();
  tell({ kind: "run", id: 1 }, someFeed([someRun(1, done)]));
  await look();
  expect(plans).toHaveBeenCalledTimes(2);
});

it("what cannot be painted is asked about again after a while, as often as it is looked at", async () => {
  editor.focus(true);
  const { plans, onStale, look } = open([planned, refused]);
  for (const times of [1, 2, 3]) {
    await look();
    await look();
    expect(plans).toHaveBeenCalledTimes(times);
    vi.advanceTimersByTime(20_000);
    expect(onStale).toHaveBeenCalledTimes(times);
  }
  vi.advanceTimersByTime(60_000);
  expect(onStale).toHaveBeenCalledTimes(3);
});

it("nobody is told while the window has no focus, but once it has it again", async () => {
  const { plans, onStale, look } = open([refused]);
  await look();
  vi.advanceTimersByTime(60_000);
  expect(onStale).not.toHaveBeenCalled();
  editor.focus(true);
  expect(onStale).toHaveBeenCalledTimes(1);
  await look();
  expect(plans).toHaveBeenCalledTimes(2);
});
