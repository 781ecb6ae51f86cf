// The runs view's commands, with an editor and a daemon that only keep what they are told.
import { beforeEach, expect, it, vi } from "vitest";
import { noPlans } from "../../../extension/plan-request/plan-request.ts";
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
  const plans = { of: async () => noPlans };
  registerRunCommands(
    { feed, plans, log: silentLog },
    { all: () => tree, node, chosen: () => selected.flatMap((id) => node(id) ?? []) },
  );
  await editor.run(
    `frecas.runs.${command}`,
    ...(clicked === undefined ? [] : [clicked[0], clicked]),
  );
  return asked.map(([method, params]) => `${method} ${(params as { id?: number }).id}`);
}

it.each([
  ["retry", ["run-5"], ["retry 5"], ""],
  ["remove", ["run-4", "run-5"], ["remove 4", "remove 5"], "Forget 2 Runs"],
  ["cancel", ["run-2", "run-3"], ["cancel 2", "cancel 3"], "Cancel 2 Runs"],
  ["first", ["run-3"], ["move 3"], ""],
])("%s goes on past a run that has just ended", async (command, clicked, asked, answer) => {
  editor.answer = answer;
  const gone = clicked.slice(0, 1).map((id) => Number(id.slice(4)));
  expect(await run({ command, clicked, gone })).toEqual(asked);
  expect(editor.said.length).toBe(answer === "" ? 0 : 1);
});

const recipe = `recipe-${JSON.stringify(["/recipes/dawn.frecas", "dawn"])}`;

it.each<[string, Given, string[]]>([
  [
    "Delete on a selected run asks about it by name",
    { command: "remove", selected: ["run-4"] },
    ["Forget dawn · run 4?"],
  ],
  [
    "and on several, by their count",
    { command: "remove", selected: ["run-3", "run-4"] },
    ["Forget 2 runs?"],
  ],
  [
    "of a selected section it forgets nothing, and offers a list",
    { command: "remove", selected: ["history"] },
    ["Forget which run? Its pictures stay."],
  ],
  [
    "nor of a recipe",
    { command: "remove", selected: [recipe] },
    ["Forget which run? Its pictures stay."],
  ],
  [
    "a section's runs are not cancelled either",
    { command: "cancel", selected: ["queue"] },
    ["Cancel which run?"],
  ],
  [
    "a selected run that is painted is named first",
    { command: "cancel", selected: ["run-1"] },
    ["Cancel sea · run 1?"],
  ],
  [
    "a recipe's menu asks before several are forgotten",
    { command: "remove", clicked: [recipe] },
    ["Forget 2 runs?"],
  ],
  [
    "a section's runs are not moved",
    { command: "up", selected: ["queue"] },
    ["Move which run up?"],
  ],
  [
    "a section's runs are not tried again",
    { command: "retry", selected: ["history"] },
    ["Try which run again?"],
  ],
])("%s", async (_, given, said) => {
  expect(await run(given)).toEqual([]);
  expect(editor.said).toEqual(said);
});

it.each<[string, Given, string, string[]]>([
  [
    "one that is clicked needs no question",
    { command: "remove", clicked: ["run-4"] },
    "",
    ["remove 4"],
  ],
  ["nor does a move by keys", { command: "up", selected: ["run-3"] }, "", ["move 3"]],
  [
    "a yes forgets the selected run",
    { command: "remove", selected: ["run-4"] },
    "Forget It",
    ["remove 4"],
  ],
  [
    "a yes forgets a recipe's runs",
    { command: "remove", clicked: [recipe] },
    "Forget 2 Runs",
    ["remove 5", "remove 4"],
  ],
  [
    "a section beside a selected run counts for nothing",
    { command: "cancel", selected: ["queue", "run-2"] },
    "Cancel It",
    ["cancel 2"],
  ],
])("%s", async (_, given, answer, asked) => {
  editor.answer = answer;
  expect(await run(given)).toEqual(asked);
});

it("of runs that are picked from a list, several are asked about", async () => {
  editor.picks = 2;
  expect(await run({ command: "cancel" })).toEqual([]);
  expect(editor.said).toEqual(["Cancel which run?", "Cancel 2 runs?"]);
  editor.picks = 1;
  expect(await run({ command: "cancel" })).toEqual(["cancel 1"]);
});
