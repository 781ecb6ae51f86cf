// The language server as a process, spoken to in its protocol.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CompletionItem, Hover, InlayHint } from "vscode-languageserver";
import { encodePng } from "../../daemon/image/write-png.ts";
import type { RecipePlans } from "../../extension/plan-request/plan-request.ts";
import { type LanguageServer, openLanguageServer } from "./language-server.ts";

const home = mkdtempSync(join(tmpdir(), "frecas-language-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let server: LanguageServer;
beforeAll(async () => {
  server = await openLanguageServer(home);
});

const uri = "file:///recipes/dawn.frecas";

function ask<Answer>(method: string, rest: object): Promise<Answer> {
  return server.connection.sendRequest(`textDocument/${method}`, {
    textDocument: { uri },
    ...rest,
  });
}

/** Resolves when the plans of this document are told to be others the next time. */
const plansChanged = (of: string): Promise<void> =>
  new Promise((resolve) => {
    server.connection.onNotification("frecas/plansChanged", (told: { uri: string }) => {
      if (told.uri === of) resolve();
    });
  });

it("a recipe is told of, completed and explained, and its models come in the background", async () => {
  const opened = await server.write(uri, 1, "prompt: a\nsede: 1\n");
  expect(opened.diagnostics.map(({ code }) => code)).toEqual(["unknown-key"]);
  const actions = await ask<object[]>("codeAction", {
    range: opened.diagnostics[0]?.range,
    context: { diagnostics: opened.diagnostics },
  });
  expect(actions).toEqual([expect.objectContaining({ title: "Write seed" })]);
  const hover = await ask<Hover>("hover", { position: { line: 0, character: 2 } });
  expect(hover.contents).toMatchObject({ value: expect.stringContaining("What to paint") });

  expect(hover.contents).toMatchObject({ value: expect.not.stringContaining("Here") });

  const mended = await server.write(uri, 2, "prompt: a\nmodel: \n");
  expect(mended.diagnostics.map(({ code }) => code)).toEqual(["bad-value"]);
  const position = { line: 1, character: 7 };
  const labels = async (): Promise<readonly string[]> =>
    (await ask<CompletionItem[]>("completion", { position })).map(({ label }) => label);
  await expect.poll(labels, { timeout: 20_000 }).toEqual(["vista"]);
});

it("a model that is not here is a warning, and the plan's values are told for one that is", async () => {
  const told = () => server.diagnostics(uri);
  await server.write(uri, 3, "prompt: a\nmodel: vsita\n");
  await expect
    .poll(told)
    .toEqual([expect.objectContaining({ code: "model-not-here", severity: 2, data: "vista" })]);
  await server.write(uri, 4, "prompt: a\nmethod: demofusion\n");
  await expect.poll(told).toEqual([expect.objectContaining({ code: "not-planned", severity: 1 })]);
  const present = await server.write(uri, 5, "prompt: a\nmodel: vista\ngamma: 2\n");
  expect(present.diagnostics).toEqual([]);
  const hover = await ask<Hover>("hover", { position: { line: 2, character: 2 } });
  expect(hover.contents).toMatchObject({ value: expect.stringContaining("- Here: `2`\n") });
  const range = { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } };
  const hints = await ask<InlayHint[]>("inlayHint", { range });
  expect(hints.map(({ label }) => label)).toEqual(["3 / 77 tokens"]);
});

it("extends leads to its recipe, which can be renamed", async () => {
  await server.write(uri, 5, "name: a\nprompt: x\n---\nname: b\nextends: a\n");
  const position = { line: 4, character: 9 };
  expect(await ask("definition", { position })).toMatchObject({
    uri,
    range: { start: { line: 0 } },
  });
  expect(await ask("rename", { position, newName: "c" })).toMatchObject({
    changes: { [uri]: [{ newText: "c" }, { newText: "c" }] },
  });
  await expect(ask("rename", { position, newName: "b" })).rejects.toThrow(/must be unique/);
});

it("names of an unsaved recipe lead into it, and are changed there", async () => {
  const unsaved = "untitled:Untitled-1";
  await server.write(unsaved, 1, "name: a\nprompt: x\n---\nname: b\nextends: a\n");
  const asked = { textDocument: { uri: unsaved }, position: { line: 4, character: 9 } };
  const about = (method: string, more: object = {}) =>
    server.connection.sendRequest(`textDocument/${method}`, { ...asked, ...more });
  expect(await about("definition")).toMatchObject({ uri: unsaved, range: { start: { line: 0 } } });
  expect(await about("references", { context: { includeDeclaration: true } })).toMatchObject([
    { uri: unsaved },
    { uri: unsaved },
  ]);
  expect(await about("rename", { newName: "c" })).toMatchObject({
    changes: { [unsaved]: [{ newText: "c" }, { newText: "c" }] },
  });
});

it("a recipe that lacks files is told of and planned anew once they are there", async () => {
  const near = pathToFileURL(join(home, "lacking.frecas")).href;
  const lacking = "prompts: later.txt\n---\nname: b\nprompt: a\ninit: { image: later.png }\n";
  const opened = plansChanged(near);
  await server.write(near, 1, lacking);
  expect(server.problems(near)).toContain("missing-file");
  const kinds = async () => {
    const plans = await server.connection.sendRequest<RecipePlans>("frecas/plans", { uri: near });
    return plans.recipes.map(({ kind }) => kind);
  };
  await opened;
  expect(await kinds()).toEqual(["refused", "refused"]);
  const rgb = new Uint8Array(128 * 128 * 3);
  writeFileSync(join(home, "later.png"), await encodePng({ width: 128, height: 128, rgb }, {}));
  writeFileSync(join(home, "later.txt"), "a lake\n");
  const changed = plansChanged(near);
  await server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [] });
  await expect.poll(() => server.problems(near)).toEqual([]);
  await changed;
  expect(await kinds()).toEqual(["planned", "planned"]);
});

it("a path that cannot be looked at leaves other files linked", async () => {
  const near = pathToFileURL(join(home, "linked.frecas")).href;
  writeFileSync(join(home, "ink.safetensors"), "");
  const never = ["x".repeat(300), "ink.safetensors/deep", '"a\\0b"'];
  await server.write(near, 1, `prompt: a\nlora: [${never.join(", ")}, ink.safetensors]\n`);
  const textDocument = { uri: near };
  expect(
    await server.connection.sendRequest("textDocument/documentLink", { textDocument }),
  ).toMatchObject([{ target: pathToFileURL(join(home, "ink.safetensors")).href }]);
});

it("another file is read as it stands in the editor, however its address is written", async () => {
  const near = (name: string): string => `file:///my%20recipes%20%28new%29/${name}.frecas`;
  await server.write(near("base"), 1, "name: base\nprompt: x\n");
  const told = await server.write(near("own"), 1, "extends: base.frecas#base\n");
  expect(told.diagnostics).toEqual([]);
});

it("names are those of the text in the editor, of the disk where it is not open, and none of what is no file", async () => {
  const path = join(home, "castle.frecas");
  writeFileSync(path, "prompt: a\n---\nprompt: b\n---\nname: keep\nprompt: c\n");
  const names = (of: string) => server.connection.sendRequest("frecas/names", { uri: of });
  const closed = pathToFileURL(path).href;
  expect(await names(closed)).toEqual(["castle", "castle-2", "keep"]);
  await server.write(closed, 1, "name: moat\nprompt: a\n");
  expect(await names(closed)).toEqual(["moat"]);
  expect(await names("file:///recipes/nowhere.frecas")).toEqual([]);
});

it("problems of an open recipe come and go with the open one that it extends, directly or not", async () => {
  const near = (name: string): string => pathToFileURL(join(home, `${name}.frecas`)).href;
  writeFileSync(join(home, "first.frecas"), "name: calm\nprompt: x\n");
  await server.write(near("first"), 1, "name: calm\nprompt: x\n");
  await server.write(near("second"), 1, "name: mild\nextends: first.frecas#calm\n");
  await server.write(near("third"), 1, "extends: second.frecas#mild\n");
  expect(server.problems(near("third"))).toEqual([]);
  await server.write(near("first"), 2, "name: stormy\nprompt: x\n");
  await expect.poll(() => server.problems(near("second"))).toHaveLength(1);
  await expect.poll(() => server.problems(near("third"))).toHaveLength(1);
  const closed = { textDocument: { uri: near("first") } };
  await server.connection.sendNotification("textDocument/didClose", closed);
  await expect.poll(() => server.problems(near("second"))).toEqual([]);
  await expect.poll(() => server.problems(near("third"))).toEqual([]);
});

it("plans are told of on request, and that they have changed once typing pauses", async () => {
  const changed = plansChanged(uri);
  await server.write(uri, 6, "prompt: x\nsize: 256\n---\nname: b\nprompt: y\nsize: 7\n");
  expect(await server.connection.sendRequest("frecas/plans", { uri })).toMatchObject({
    version: 6,
    recipes: [
      { kind: "planned", name: "dawn", fromLine: 0, line: 0, plan: { name: "dawn" } },
      { kind: "refused", name: "b", fromLine: 2, line: 3, why: expect.stringContaining("size") },
    ],
  });
  await changed;
  const closed = { uri: "file:///recipes/closed.frecas" };
  expect(await server.connection.sendRequest("frecas/plans", closed)).toEqual({
    version: 0,
    recipes: [],
  });
});

it("a file of 200 recipes is told of while somebody types", async () => {
  const recipe = (index: number): string =>
    `name: r${index}\nextends: r${Math.max(0, index - 1 - (index % 50))}\nprompt: a calm lake at dawn\nsize: 1024x512\nseed: ${index}\nstages:\n  - { size: 256x128, steps: 30, until: 100 }\n  - { size: 1024x512, steps: 8 }\n`;
  const recipes = Array.from({ length: 200 }, (_, index) => recipe(index));
  const text = recipes.join("---\n").replace("extends: r0\n", "");
  const many = "file:///recipes/many.frecas";
  await server.write(many, 1, text);
  const times: number[] = [];
  for (let version = 2; version <= 12; version++) {
    const start = performance.now();
    const { diagnostics } = await server.write(
      many,
      version,
      text.replace("seed: 77", `sede: ${version}`),
    );
    times.push(performance.now() - start);
    expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-key"]);
  }
  const [best = 0, , , , , middle = 0] = times.sort((one, other) => one - other);
  const shown = `${middle.toFixed(1)} ms, median of 11, best ${best.toFixed(1)} ms`;
  process.stdout.write(`diagnostics of 200 recipes: ${shown}\n`);
});

it("the server ends when it is told to", async () => {
  await server.connection.sendRequest("shutdown");
  const ended = once(server.process, "exit");
  await server.connection.sendNotification("exit");
  expect(await ended).toEqual([0, null]);
});
