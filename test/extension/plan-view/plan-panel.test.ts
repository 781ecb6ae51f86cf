// The plan pane and the language server, which may answer when nobody wants to know any more.
import { setImmediate } from "node:timers/promises";
import { beforeEach, expect, it, vi } from "vitest";
import type { RecipePlans } from "../../../extension/plan-request/plan-request.ts";
import { startPlanView } from "../../../extension/plan-view/plan-panel.ts";
import { keepPlans } from "../../../extension/runs/keep-plans.ts";
import { editor, fakeDocument, vscode } from "../fake-editor.ts";
import { fakeFeed } from "../fake-feed.ts";
import { fakeLanguage } from "../fake-language.ts";
import { done, someFeed, someRun } from "../runs/some-runs.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => editor.reset());

function refused(why: string, version = 1): RecipePlans {
  return { version, recipes: [{ kind: "refused", name: "dawn", fromLine: 0, line: 0, why }] };
}

/** An answer that comes when `answer` is called. */
function later() {
  let answer: (plans: RecipePlans) => void = () => undefined;
  const answered = new Promise<RecipePlans>((resolve) => {
    answer = resolve;
  });
  return { answered, answer };
}

/** Registers the pane; `answer` is the language server's. */
function start(answer: (uri: string) => RecipePlans | Promise<RecipePlans>) {
  const { language, plans, change } = fakeLanguage(answer);
  const { feed, tell } = fakeFeed(someFeed([]));
  const tellFailure = vi.fn(async () => undefined);
  startPlanView({
    plans: keepPlans({ feed, language }),
    tellFailure,
    extension: vscode.Uri.file("/extension") as never,
  });
  return { plans, change, tell, tellFailure, shown: () => editor.panel?.posted.at(-1) };
}

/** Opens the pane, whose question is answered when `answer` is called. */
function openPane() {
  const { answered, answer } = later();
  const { tellFailure } = start(() => answered);
  editor.document = fakeDocument("file:///recipes/dawn.frecas");
  const shown = editor.run("frecas.showPlan");
  return { shown, answer: () => answer(refused("size: too small")), tellFailure };
}

it("what is answered is shown", async () => {
  const { shown, answer, tellFailure } = openPane();
  answer();
  await shown;
  expect(editor.panel?.posted).toEqual([{ kind: "nothing", why: "size: too small" }]);
  expect(tellFailure).not.toHaveBeenCalled();
});

it("a pane that is closed before the answer comes is told nothing", async () => {
  const { shown, answer, tellFailure } = openPane();
  editor.panel?.dispose();
  answer();
  await shown;
  expect(editor.panel?.posted).toEqual([]);
  expect(tellFailure).not.toHaveBeenCalled();
});

it("a named recipe whose file the language server does not know is told, and no other one is shown", async () => {
  const { tellFailure } = start((uri) => {
    if (uri.endsWith("dusk.frecas")) throw new Error("not started");
    return refused("of dawn");
  });
  editor.document = fakeDocument("file:///recipes/dawn.frecas");
  await editor.run("frecas.showPlan", { uri: "file:///recipes/dusk.frecas", name: "dusk" });
  expect(tellFailure).toHaveBeenCalledWith(
    expect.objectContaining({ message: expect.stringContaining("does not answer") }),
  );
  expect(editor.panel?.posted).toEqual([]);
});

it("another line is answered from the last answer, until the text is another one", async () => {
  const { plans, shown } = start(() => {
    const { version, recipes } = refused("size: too small", editor.document?.version);
    const dusk = refused("no").recipes.map((one) => ({ ...one, fromLine: 3, line: 4 }));
    return { version, recipes: [...recipes, ...dusk] };
  });
  editor.document = fakeDocument("file:///recipes/dawn.frecas");
  await editor.run("frecas.showPlan");
  editor.moveTo(5);
  await expect.poll(shown).toMatchObject({ why: "no" });
  editor.moveTo(1);
  await expect.poll(shown).toMatchObject({ why: "size: too small" });
  expect(plans).toHaveBeenCalledTimes(1);
  editor.document = { ...editor.document, version: 2 };
  editor.moveTo(6);
  await expect.poll(shown).toMatchObject({ why: "no" });
  expect(plans).toHaveBeenCalledTimes(2);
  editor.document = fakeDocument("file:///recipes/other.frecas", "", { version: 2 });
  editor.moveTo(6);
  expect(plans).toHaveBeenCalledTimes(3);
});

it("the answer for a file that the cursor has left is not shown", async () => {
  const { answered, answer } = later();
  const { shown } = start((uri) => (uri.endsWith("a.frecas") ? refused("of a") : answered));
  const [a, b] = ["a", "b"].map((name) => fakeDocument(`file:///recipes/${name}.frecas`));
  editor.document = a;
  await editor.run("frecas.showPlan");
  editor.document = b;
  editor.moveTo(0);
  editor.document = a;
  editor.moveTo(0);
  answer(refused("of b"));
  await setImmediate();
  expect(editor.panel?.posted).toMatchObject([{ why: "of a" }, { why: "of a" }]);
  editor.document = b;
  editor.moveTo(0);
  await expect.poll(shown).toMatchObject({ why: "of b" });
});

it("plans that have changed while the cursor was in another file are asked for again", async () => {
  let why = "no model";
  const { change, shown } = start(() => refused(why));
  const [a, b] = ["a", "b"].map((name) => fakeDocument(`file:///recipes/${name}.frecas`));
  editor.document = a;
  await editor.run("frecas.showPlan");
  editor.document = b;
  editor.moveTo(0);
  await expect.poll(() => editor.panel?.posted.length).toBe(2);
  why = "no picture";
  change("file:///recipes/a.frecas");
  editor.document = a;
  editor.moveTo(0);
  await expect.poll(shown).toMatchObject({ why: "no picture" });
});

it("once a run is done the plan is asked for again, with what it has measured", async () => {
  let why = "no time";
  const { tell, shown } = start(() => refused(why));
  editor.document = fakeDocument("file:///recipes/dawn.frecas");
  await editor.run("frecas.showPlan");
  why = "9 s";
  tell({ kind: "run", id: 1 }, someFeed([someRun(1, done)]));
  await expect.poll(shown).toMatchObject({ why: "9 s" });
});
