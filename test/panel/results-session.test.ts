// What a panel tells its page as it is turned to runs, hidden and shown again, with an editor that only keeps what it is told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import type { WebviewPanel } from "vscode";
import { encodePng } from "../../daemon/image/write-png.ts";
import type { FeedChange } from "../../extension/client/run-feed.ts";
import type { ToResults } from "../../extension/panel/messages.ts";
import { ResultsSession } from "../../extension/panel/results-session.ts";
import type { ResultsTarget } from "../../extension/runs/run-parts.ts";
import { FakePanel, vscode } from "../extension/fake-editor.ts";
import { fakeFeed } from "../extension/fake-feed.ts";
import { done, someFeed, someRun } from "../extension/runs/some-runs.ts";

vi.mock("vscode", async () => (await import("../extension/fake-editor.ts")).vscode);

const root = mkdtempSync(join(tmpdir(), "frecas-session-"));
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const file = join(root, "dawn.frecas");
const uri = `file://${file}`;
const older = join(root, "results/dawn/1.png");

function runs() {
  const paths = [older, join(root, "results/dawn/2.png")];
  return paths.map((path, index) =>
    someRun(index + 1, done, { file, pictures: [{ prompt: 0, image: 0, path, atMs: index }] }),
  );
}

function open(target: Partial<ResultsTarget> = {}) {
  const panel = new FakePanel();
  let change: (change: FeedChange) => void = () => undefined;
  const { feed } = fakeFeed(someFeed(runs()));
  feed.onChange = (listener) => {
    change = listener;
    return { dispose: () => undefined };
  };
  const session = new ResultsSession(
    panel as unknown as WebviewPanel,
    { uri, name: "dawn", ...target },
    {
      feed,
      language: {
        names: async () => ["dawn"],
        onPlansChanged: () => ({ dispose: () => undefined }),
      },
      paces: { of: () => undefined, dispose: () => undefined },
      traces: join(root, "traces"),
      extension: vscode.Uri.file("/extension") as never,
    },
  );
  const show = (more: Partial<ResultsTarget>): void =>
    session.turnTo({ uri, name: "dawn", ...more });
  const said = panel.posted as readonly ToResults[];
  return {
    said,
    options: panel.options,
    load: () => panel.say({ kind: "ready" }),
    turn: (visible: boolean) => panel.turn(visible),
    follows: () => said.filter(({ kind }) => kind === "follow"),
    show,
    change: (one: FeedChange): void => change(one),
  };
}

const following = (path: string | null, view: "picture" | "compare" = "picture") => ({
  kind: "follow",
  view,
  path,
});

it("a panel that is opened for an older run shows its picture, once", () => {
  const { load, turn, follows } = open({ runId: 1 });
  expect(follows()).toEqual([]);
  load();
  expect(follows()).toEqual([following(older)]);
  turn(false);
  turn(true);
  load();
  expect(follows()).toHaveLength(1);
});

it("a panel that is there turns from run to run, and follows the newest", () => {
  const { load, show, follows } = open();
  load();
  expect(follows()).toEqual([]);
  show({ runId: 1 });
  show({ runId: 2 });
  show({ view: "compare" });
  expect(follows()).toEqual([following(older), following(null), following(null, "compare")]);
});

it("a page that was hidden is told what was asked for when it has loaded again", () => {
  const { load, turn, show, follows } = open();
  load();
  turn(false);
  show({ runId: 1 });
  expect(follows()).toEqual([]);
  turn(true);
  load();
  expect(follows()).toEqual([following(older)]);
});

it("the first picture of a recipe does not load the page anew, and is not taken away while it is shown again", async () => {
  const { load, said, options, show } = open();
  load();
  const picture = { width: 3, height: 2, rgb: new Uint8Array(18) };
  mkdirSync(join(root, "results/dawn"), { recursive: true });
  writeFileSync(older, await encodePng(picture, { frecas: "name: dawn\n" }));
  show({});
  const counts = () =>
    said.flatMap((message) => (message.kind === "pictures" ? [message.pictures.length] : []));
  await vi.waitFor(() => expect(counts()).toContain(1));
  expect(options).toHaveLength(1);
  const before = counts().length;
  show({ runId: 1 });
  expect(counts().slice(before)).toEqual([1]);
});

it("many runs that come at once are looked at once, and once more", () => {
  const { load, said, change } = open();
  load();
  const count = () => said.filter(({ kind }) => kind === "comparison").length;
  const before = count();
  for (let run = 0; run < 100; run += 1) change({ kind: "runs" });
  vi.advanceTimersByTime(1000);
  expect(count() - before).toBe(2);
});
