// The commands about recipes, with an editor and a daemon that only keep what they are told.
import { beforeEach, expect, it, vi } from "vitest";
import type { RunRecord } from "../../../daemon/protocol/run-record.ts";
import { noPlans, type RecipePlans } from "../../../extension/plan-request/plan-request.ts";
import { registerCommands } from "../../../extension/runs/register-commands.ts";
import type { ResultsTarget } from "../../../extension/runs/run-parts.ts";
import { editor, fakeDocument } from "../fake-editor.ts";
import { fakeFeed, silentLog } from "../fake-feed.ts";
import { done, file, running, someFeed, somePlan, someRun } from "./some-runs.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => editor.reset());

interface Given {
  readonly command: string;
  readonly argument?: unknown;
  readonly runs?: readonly RunRecord[];
  /** What the language server answers; it does not where that is left out. */
  readonly plans?: RecipePlans;
  /** Of the document that an untitled one is saved as. */
  readonly plansOfSaved?: RecipePlans;
}

/** What the daemon was asked. */
async function run(given: Given) {
  return (await runShown(given)).asked;
}

/** What the daemon was asked, and what the results panel was told to show. */
async function runShown({ command, argument, ...given }: Given) {
  const { asked, shown } = open(given);
  await editor.run(`frecas.${command}`, argument);
  return { asked, shown: shown.mock.calls.flat() };
}

/** Registers the commands. */
function open({ runs = [], plans, plansOfSaved }: Omit<Given, "command" | "argument">) {
  const { feed, asked } = fakeFeed(someFeed(runs), { answers: { submit: { ids: [7] } } });
  const kept = {
    of: async ({ uri }: { readonly uri: unknown }) => {
      const isSaved = String(uri) === String(editor.savedAs?.uri);
      return (isSaved ? plansOfSaved : plans) ?? noPlans;
    },
  } as never;
  const language = {} as never;
  const paces = { of: () => undefined, dispose: () => undefined };
  const shown = vi.fn(async (_: ResultsTarget) => undefined);
  registerCommands({ feed, language, plans: kept, paces, log: silentLog, showResults: shown });
  return { asked, shown };
}

const two: RecipePlans = {
  version: 1,
  recipes: [somePlan("dawn"), somePlan("wide", { line: 4 })],
};

it("Generate at the cursor sends the recipe there", async () => {
  editor.document = fakeDocument(`file://${file}`);
  editor.line = 5;
  const [[method, params] = []] = await run({ command: "generate", plans: two });
  expect([method, params]).toMatchObject(["submit", { what: { recipe: { name: "wide", file } } }]);
});

it("Generate sends other recipes that are open and not saved, for it may extend them", async () => {
  const dirty = { isDirty: true };
  editor.document = fakeDocument(`file://${file}`, "extends: base.frecas#x\n", dirty);
  editor.others = [
    fakeDocument("file:///recipes/base.frecas", "size: 256\n", dirty),
    fakeDocument("file:///recipes/saved.frecas"),
    fakeDocument("untitled:Untitled-1", "prompt: b\n", dirty),
    fakeDocument("file:///recipes/prompts.txt", "a lake\n", { ...dirty, languageId: "text" }),
  ];
  const [[, params] = []] = await run({ command: "generate", plans: two });
  const unsaved = { "/recipes/base.frecas": "size: 256\n" };
  expect(params).toHaveProperty("what.recipe.unsaved", unsaved);
});

it.each([
  ["does not answer", undefined],
  ["has not been told of the text", { version: 0, recipes: [] }],
])(
  "where the language server %s, Generate at the cursor paints nothing, and says what to do",
  async (_, plans) => {
    editor.document = fakeDocument(`file://${file}`);
    for (const command of ["generate", "again", "compare", "retry"])
      expect(await run({ command, ...(plans && { plans }) })).toEqual([]);
    expect(new Set(editor.said).size).toBe(1);
    expect(editor.said[0]).toMatch(
      /^The recipes of this file cannot be told apart now.*Reload Window/,
    );
  },
);

it("a lens needs no language server to be followed", async () => {
  const argument = { uri: `file://${file}`, name: "wide", id: 3 };
  expect(await run({ command: "retry", argument })).toEqual([["retry", { id: 3 }]]);
  expect(await run({ command: "generate", argument })).toMatchObject([["submit", {}]]);
});

it("Stop at a recipe whose run has ended stops another one's only after a yes", async () => {
  editor.document = fakeDocument(`file://${file}`);
  const runs = [someRun(1, done), someRun(2, running(0, 0), { name: "wide" })];
  expect(await run({ command: "stop", runs, plans: two })).toEqual([]);
  expect(editor.said).toEqual(["Stop wide · run 2?"]);
  editor.answer = "Stop It";
  expect(await run({ command: "stop", runs, plans: two })).toEqual([["cancel", { id: 2 }]]);
  editor.line = 5;
  editor.answer = undefined;
  expect(await run({ command: "stop", runs, plans: two })).toEqual([["cancel", { id: 2 }]]);
});

it("Stop away from recipes ends the run that waits", async () => {
  const runs = [someRun(1, done), someRun(2, { kind: "queued" })];
  expect(await run({ command: "stop", runs })).toEqual([["cancel", { id: 2 }]]);
  expect(await run({ command: "stop", runs, argument: { ids: [1] } })).toEqual([]);
  expect(editor.said).toEqual(["It has ended already."]);
});

it.each([
  ["is asked about first", undefined, []],
  ["is restarted where that is wanted", "Restart", [["restart", {}]]],
])("the daemon of a run that is painted %s", async (_, answer, expected) => {
  editor.answer = answer;
  const runs = [someRun(1, running(0, 1))];
  expect(await run({ command: "restartDaemon", runs })).toEqual(expected);
  expect(editor.said).toEqual(["Restart the daemon?"]);
});

it("Generate saves a recipe that is in no file, and goes on with what was saved", async () => {
  const names = (stem: string): RecipePlans => ({
    version: 1,
    recipes: [somePlan(stem), somePlan(`${stem}-2`, { line: 4 })],
  });
  const given = {
    command: "generate",
    plans: names("Untitled-1"),
    plansOfSaved: names("sea"),
  };
  editor.document = fakeDocument("untitled:Untitled-1");
  editor.line = 5;
  expect(await run(given)).toEqual([]);
  editor.answer = "Save";
  expect(await run(given)).toEqual([]);
  editor.savedAs = fakeDocument("file:///recipes/sea.frecas", "prompt: the sea\n");
  const [[method, params] = []] = await run(given);
  const recipe = { file: "/recipes/sea.frecas", name: "sea-2", text: "prompt: the sea\n" };
  expect([method, params]).toMatchObject(["submit", { what: { recipe } }]);
});

it.each([
  ["in a workspace that is not trusted", `file://${file}`, false],
  ["in no file", "untitled:Untitled-1", true],
])("a recipe %s is asked about anew where nobody answered before", async (_, uri, isTrusted) => {
  const { asked } = open({ plans: two, plansOfSaved: two });
  const savedAs = fakeDocument(`file://${file}`);
  Object.assign(editor, { document: fakeDocument(uri), savedAs, isTrusted, isSilent: true });
  for (const times of [1, 2]) {
    void editor.run("frecas.generate");
    await vi.waitUntil(() => editor.said.length === times);
  }
  Object.assign(editor, { isTrusted: true, isSilent: false, answer: "Save" });
  await editor.run("frecas.generate");
  expect(asked).toMatchObject([["submit", { what: { recipe: { name: "dawn", file } } }]]);
});

it("a second click while the recipe is on its way is not a second wish", async () => {
  editor.document = fakeDocument(`file://${file}`);
  const { asked } = open({ plans: two });
  await Promise.all([editor.run("frecas.generate"), editor.run("frecas.generate")]);
  expect(asked).toHaveLength(1);
});

it.each([{}, { name: "" }])(
  "the recipes of a file are painted together, and shown side by side, without a word on which: %o",
  async (name) => {
    const uri = `file://${file}`;
    const { asked, shown } = await runShown({ command: "compare", argument: { uri, ...name } });
    expect(asked).toMatchObject([["submit", { what: { recipe: { name: null, file } } }]]);
    expect(shown).toEqual([{ uri, name: "", runId: 7, view: "compare" }]);
  },
);
