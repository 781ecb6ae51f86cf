// What commands do in a workspace that is not trusted: write no file, and start no daemon.
import { beforeEach, expect, it, vi } from "vitest";
import { mayPaint, requireTrust } from "../../../extension/runs/may-paint.ts";
import { registerPages } from "../../../extension/runs/register-pages.ts";
import { registerRunCommands } from "../../../extension/runs-view/run-commands.ts";
import { startWalkthrough } from "../../../extension/walkthrough/start-walkthrough.ts";
import { editor } from "../fake-editor.ts";
import { fakeFeed, silentLog } from "../fake-feed.ts";
import { running, someFeed, someRun } from "./some-runs.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => {
  editor.reset();
  editor.isTrusted = false;
  editor.answer = "Manage trust";
});

const refusal = [expect.stringContaining("in a workspace that is not trusted")];

it.each(["openSample", "openComparison"])("%s copies no sample", async (command) => {
  const tellFailure = vi.fn(async () => undefined);
  startWalkthrough({ context: {} as never, mayPaint, tellFailure });
  await editor.run(`frecas.${command}`);
  expect(tellFailure).not.toHaveBeenCalled();
  expect([editor.said, editor.executed]).toEqual([refusal, [["workbench.trust.manage"]]]);
});

it.each(["models", "doctor"])("%s asks no daemon", async (command) => {
  const { feed, asked } = fakeFeed(someFeed([]));
  registerPages({ feed, log: silentLog } as never, "/state");
  await editor.run(`frecas.${command}`);
  expect([asked, editor.said]).toEqual([[], refusal]);
});

it("a command that would start a daemon says why it does not", async () => {
  const { feed } = fakeFeed(someFeed([someRun(1, running(0, 0))], { link: "lost" }));
  const ask = vi.fn(requireTrust);
  const shown = { all: () => [], chosen: () => [], node: () => undefined };
  registerRunCommands({ feed: { ...feed, ask }, log: silentLog } as never, shown);
  await editor.run("frecas.runs.pause");
  expect(ask).toHaveBeenCalled();
  expect(editor.said).toEqual(refusal);
  editor.isTrusted = true;
  await expect(requireTrust()).resolves.toBeUndefined();
});
