// The plan pane and the language server, which may answer when nobody wants to know any more.
import { beforeEach, expect, it, vi } from "vitest";
import type { RecipePlans } from "../../../extension/plan-request/plan-request.ts";
import { startPlanView } from "../../../extension/plan-view/plan-panel.ts";
import { editor, fakeDocument, vscode } from "../fake-editor.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => editor.reset());

const refused: RecipePlans = {
  version: 1,
  recipes: [{ kind: "refused", name: "dawn", fromLine: 0, line: 0, why: "size: too small" }],
};

/** Opens the pane, whose question is answered when `answer` is called. */
function openPane() {
  let answer: (plans: RecipePlans) => void = () => undefined;
  const plans = () =>
    new Promise<RecipePlans>((resolve) => {
      answer = resolve;
    });
  const tellFailure = vi.fn(async () => undefined);
  const language = { plans, onPlansChanged: () => new vscode.Disposable() };
  startPlanView({ language, tellFailure, extension: vscode.Uri.file("/extension") as never });
  editor.document = fakeDocument("file:///recipes/dawn.frecas");
  const shown = editor.run("frecas.showPlan");
  return { shown, answer: () => answer(refused), tellFailure };
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

it("another line is answered from the last answer, until the text is another one", async () => {
  const plans = vi.fn(async (): Promise<RecipePlans> => {
    const [dawn] = refused.recipes;
    const dusk = { ...dawn, name: "dusk", fromLine: 3, line: 4, why: "no" } as typeof dawn;
    return {
      version: editor.document?.version ?? 0,
      recipes: [dawn, dusk].flatMap((one) => one ?? []),
    };
  });
  const language = { plans, onPlansChanged: () => new vscode.Disposable() };
  const tellFailure = async () => undefined;
  startPlanView({ language, tellFailure, extension: vscode.Uri.file("/extension") as never });
  const shown = () => editor.panel?.posted.at(-1);
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
