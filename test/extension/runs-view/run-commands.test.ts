// The runs view's commands, with an editor and a daemon that only keep what they are told.
import { beforeEach, expect, it, vi } from "vitest";
import { registerRunCommands } from "../../../extension/runs-view/run-commands.ts";
import { type RunNode, runTree } from "../../../extension/runs-view/run-tree.ts";
import { editor } from "../fake-editor.ts";
import { fakeFeed, silentLog } from "../fake-feed.ts";
import { someFeed } from "../runs/some-runs.ts";
import { done, failed, painted, queued, runRecord, words } from "./run-records.ts";

vi.mock("vscode", async () => (await import("../fake-editor.ts")).vscode);
beforeEach(() => editor.reset());

const known = someFeed([
  runRecord(1, painted, { name: "sea" }),
  runRecord(2, queued, { name: "wide" }),
  runRecord(3, queued),
  runRecord(4, done(4)),
  runRecord(5, failed(5)),
]);

interface Given {
  readonly command: string;
  /** What a menu was opened on: ids of nodes. */
  readonly clicked?: readonly string[];
  readonly selected?: readonly string[];
  /** Runs that end before the daemon is asked. */
  readonly gone?: readonly number[];
}

/** What the daemon was asked, as "method number". */
async function run({ command, clicked, selected = [], gone = [] }: Given) {
  const { feed, asked } = fakeFeed(known, { gone });
  const tree = runTree(known, words);
  const flat = (node: RunNode): readonly RunNode[] => [node, ...node.children.flatMap(flat)];
  const node = (id: string) => tree.flatMap(flat).find((one) => one.id === id);
  const language = { plans: () => Promise.reject(new Error()) } as never;
  registerRunCommands(
    { feed, language, log: silentLog },
    { all: () => tree, node, chosen: () => selected.flatMap((id) => node(id) ?? []) },
  );
  await editor.run(
    `frecas.runs.${command}`,
    ...(clicked === undefined ? [] : [clicked[0], clicked]),
  );
  return asked.map(([method, params]) => `${method} ${(params as { id?: number }).id}`);
}

it.each([
  ["retry", ["run-5"], ["retry 5"]],
  ["remove", ["run-4", "run-5"], ["remove 4", "remove 5"]],
  ["cancel", ["run-2", "run-3"], ["cancel 2", "cancel 3"]],
  ["first", ["run-3"], ["move 3"]],
])(
  "%s goes on past a run that has just ended, and tells no failure",
  async (command, clicked, asked) => {
    const gone = clicked.slice(0, 1).map((id) => Number(id.slice(4)));
    expect(await run({ command, clicked, gone })).toEqual(asked);
    expect(editor.said).toEqual([]);
  },
);
