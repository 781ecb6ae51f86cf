// Answers of the language server that are shown again without asking, and for how long.
import { beforeEach, expect, it, vi } from "vitest";
import type { RecipePlans } from "../../../extension/plan-request/plan-request.ts";
import { keepPlans } from "../../../extension/runs/keep-plans.ts";
import { editor, fakeDocument } from "../fake-editor.ts";
import { fakeFeed } from "../fake-feed.ts";
import { fakeLanguage } from "../fake-language.ts";
import { done, someFeed, somePlan, someRun } from "./some-runs.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => editor.reset());

const uri = "file:///recipes/dawn.frecas";
const refused = { kind: "refused" as const, name: "b", fromLine: 0, line: 0, why: "no model" };
const both: RecipePlans = { version: 1, recipes: [somePlan("dawn"), refused] };

/** `look` asks for the plans of a document, as who shows them does. */
function open(answer: () => RecipePlans | Promise<RecipePlans> = () => both) {
  const { language, plans, change } = fakeLanguage(answer);
  const { feed, tell } = fakeFeed(someFeed([]));
  const kept = keepPlans({ feed, language });
  const dropped: string[] = [];
  kept.onDropped((one) => void dropped.push(one));
  const look = (version = 1) => kept.of(fakeDocument(uri, "", { version }) as never);
  return { plans, dropped, change, tell, look };
}

it("plans are asked about once, until the language server says that they may be others", async () => {
  const { plans, dropped, change, look } = open();
  await look();
  expect(await look()).toEqual(both);
  change("file:///recipes/other.frecas");
  await look();
  expect(plans).toHaveBeenCalledTimes(1);
  change(uri);
  await look();
  expect(plans).toHaveBeenCalledTimes(2);
  expect(dropped).toEqual(["file:///recipes/other.frecas", uri]);
});

it("a run that is done has measured this machine, so who shows a time asks again", async () => {
  const { plans, dropped, tell, look } = open();
  await look();
  tell({ kind: "run", id: 1 }, someFeed([someRun(1, done)]));
  expect(dropped).toEqual([uri]);
  await look();
  expect(plans).toHaveBeenCalledTimes(2);
});

it("who asks before the answer has come waits for the same one", async () => {
  const { plans, look } = open();
  await Promise.all([look(), look()]);
  expect(plans).toHaveBeenCalledTimes(1);
});

it("an answer that is on its way when plans change is not kept", async () => {
  const { plans, change, look } = open();
  const early = look();
  change(uri);
  await early;
  await look();
  expect(plans).toHaveBeenCalledTimes(2);
});

it("an answer for another version than was asked about is not kept, nor one for a version before", async () => {
  const { plans, look } = open();
  await look(2);
  await look(2);
  await look(1);
  await look(1);
  expect(plans).toHaveBeenCalledTimes(3);
});

it("where the language server does not answer there are no plans, and it is asked again", async () => {
  const { plans, look } = open(() => Promise.reject(new Error("not started")));
  expect(await look()).toEqual({ version: 0, recipes: [] });
  await look();
  expect(plans).toHaveBeenCalledTimes(2);
});
