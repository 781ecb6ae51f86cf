// The walkthrough's commands: which samples they copy, and what they ask to be painted.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { startWalkthrough } from "../../../extension/walkthrough/start-walkthrough.ts";
import { editor, vscode } from "../fake-editor.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
const home = mkdtempSync(join(tmpdir(), "frecas-walkthrough-"));
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => {
  editor.reset();
  const extension = { extensionUri: vscode.Uri.file(join(import.meta.dirname, "../../..")) };
  const context = { extension, globalStorageUri: vscode.Uri.file(home) } as never;
  const mayPaint = async () => true;
  startWalkthrough({ context, mayPaint, tellFailure: (error) => Promise.reject(error) });
});

const uriOf = (file: string): string => `file://${home}/samples/${file}`;

it("the first picture is painted from a copy of the sample", async () => {
  await editor.run("frecas.openSample");
  expect(editor.executed).toEqual([
    ["frecas.generate", { uri: uriOf("dawn.frecas"), name: "dawn" }],
  ]);
});

it("with and without the method is one comparison, of all recipes of its sample", async () => {
  await editor.run("frecas.openComparison");
  expect(editor.executed).toEqual([["frecas.compare", { uri: uriOf("direct.frecas") }]]);
  expect(readdirSync(join(home, "samples")).sort()).toEqual(["dawn.frecas", "direct.frecas"]);
});
