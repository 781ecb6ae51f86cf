// What can be done to which runs, and that the manifest's menus go by the same table.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { RunState } from "../../../daemon/protocol/run-record.ts";
import {
  contextValues,
  type RunAction,
  runsFor,
} from "../../../extension/runs-view/run-actions.ts";
import { runTree } from "../../../extension/runs-view/run-tree.ts";
import { someFeed } from "../runs/some-runs.ts";
import { done, failed, painted, queued, runRecord, words } from "./run-records.ts";

const states: readonly RunState[] = [
  painted,
  { ...painted, stopping: true },
  queued,
  { kind: "interrupted", why: "killed" },
  done(1),
  failed(2),
  { kind: "cancelled", endedMs: 3 },
];
const runs = states.map((state, index) => runRecord(index + 1, state));
const tree = runTree({ runs, waiting: [3, 4], paused: false }, words);

const expected: Readonly<Record<RunAction, readonly number[]>> = {
  retry: [7, 6],
  cancel: [1, 2, 3, 4],
  remove: [3, 4, 7, 6, 5],
  first: [3, 4],
  up: [3, 4],
  down: [3, 4],
};
const actions = Object.entries(expected) as [RunAction, readonly number[]][];

it.each(actions)("%s is for runs %j", (action, ids) => expect(runsFor(action, tree)).toEqual(ids));

it("a run that is chosen twice, itself and by its recipe, counts once", () => {
  const [, history] = tree;
  const nodes = history === undefined ? [] : [history, ...history.children];
  expect(runsFor("retry", nodes)).toEqual([7, 6]);
});

interface MenuItem {
  readonly command: string;
  readonly when: string;
}

const manifest = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
);
const menu: readonly MenuItem[] = manifest.contributes.menus["view/item/context"];

it.each(actions)("menus offer %s on the runs that it is for, and on no others", (action, ids) => {
  const flat = tree.flatMap(({ children }) => children.flatMap((node) => [node, ...node.children]));
  const singles = flat.flatMap((node) => (node.kind === "run" ? [node] : []));
  const items = menu.filter(({ command }) => command === `frecas.runs.${action}`);
  expect(items).not.toEqual([]);
  const offered = singles.filter(({ context }) =>
    items.some(({ when }) =>
      new RegExp(/viewItem =~ \/(.*)\//.exec(when)?.[1] ?? "^$").test(context),
    ),
  );
  expect(offered.map(({ run }) => run).sort()).toEqual([...ids].sort());
});

it("the editor's context keys say what can be done at all", () => {
  expect(contextValues([], { paused: true, link: "off" })).toEqual({
    "frecas.runs.known": false,
    "frecas.runs.paused": true,
    "frecas.runs.canRetry": false,
    "frecas.runs.canCancel": false,
    "frecas.runs.canRemove": false,
    "frecas.runs.canMove": false,
    "frecas.runs.hasAny": false,
    "frecas.runs.hasHistory": false,
  });
  for (const link of ["up", "lost"] as const)
    expect(Object.values(contextValues(tree, { paused: true, link }))).toEqual(Array(8).fill(true));
});

it("the manifest's enablements read keys that are set", () => {
  const text = JSON.stringify(manifest.contributes);
  const read = new Set(text.match(/frecas\.runs\.(known|paused|can[A-Z]\w+|has\w+)/g));
  expect([...read].sort()).toEqual(Object.keys(contextValues([], someFeed([]))).sort());
});

it("the view says that there are no runs only where a daemon has told so, and else offers to ask one", () => {
  const welcomes: readonly { readonly when: string; readonly contents: string }[] =
    manifest.contributes.viewsWelcome;
  const said = (isKnown: boolean) =>
    welcomes
      .filter(({ when }) => !when.includes("!isWorkspaceTrusted"))
      .filter(({ when }) => isKnown === / frecas.runs.known/.test(when))
      .map(({ contents }) => [contents.split("\n")[0], contents.includes("command:frecas.goOn")]);
  expect(said(true)).toEqual([["No runs yet.", false]]);
  expect(said(false)).toEqual([["No daemon is up, so earlier runs are not known here.", true]]);
});
