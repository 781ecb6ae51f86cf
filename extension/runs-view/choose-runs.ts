// Which runs a command of the runs view acts on, and the question before some are lost.
import * as vscode from "vscode";
import { agrees } from "../runs/agrees.ts";
import { type ChosenBy, questionBefore, type RunAction, runsFor } from "./run-actions.ts";
import type { RunNode } from "./run-tree.ts";

/** The tree as commands need it. */
export interface ShownRuns {
  all(): readonly RunNode[];
  /** Selected by the user. */
  chosen(): readonly RunNode[];
  node(id: string): RunNode | undefined;
}

export interface Choice {
  readonly action: RunAction;
  readonly title: string;
  /** The node that a menu was opened on. */
  readonly clicked: unknown;
  /** All selected nodes, where the menu acts on them. */
  readonly selected: unknown;
}

/** None where the user thinks better of it. */
export async function chooseRuns(choice: Choice, shown: ShownRuns): Promise<readonly number[]> {
  const { by, runs } = await findRuns(choice, shown);
  const question = questionBefore(choice.action, namesOf(runs, shown), by);
  return question === null || (await agrees(question)) ? runs : [];
}

/** One run, from a list. */
export async function pickRun(
  title: string,
  runs: readonly number[],
  shown: ShownRuns,
): Promise<number | undefined> {
  const picked = await vscode.window.showQuickPick(itemsOf(runs, shown), { title });
  return picked?.run;
}

interface Found {
  readonly by: ChosenBy;
  readonly runs: readonly number[];
}

async function findRuns(
  { action, title, clicked, selected }: Choice,
  shown: ShownRuns,
): Promise<Found> {
  const given = Array.isArray(selected) ? selected : clicked === undefined ? [] : [clicked];
  const nodes = given.flatMap((id) => shown.node(String(id)) ?? []);
  if (given.length > 0) return { by: "click", runs: runsFor(action, nodes) };
  // A key or the palette. The editor tells extensions what is selected, not what is focused, and arrow keys move the
  // focus alone: a section that is still selected stands for none of its runs, and a question names what is.
  const singles = shown.chosen().filter(({ kind }) => kind === "run");
  const runs = runsFor(action, singles);
  if (runs.length > 0) return { by: "selection", runs };
  const items = itemsOf(runsFor(action, shown.all()), shown);
  const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return { by: "list", runs: picked?.map(({ run }) => run) ?? [] };
}

const namesOf = (runs: readonly number[], shown: ShownRuns): readonly string[] =>
  itemsOf(runs, shown).map(({ label }) => label);

function itemsOf(runs: readonly number[], shown: ShownRuns) {
  return runs.flatMap((run) => {
    const node = shown.node(`run-${run}`);
    if (node?.kind !== "run") return [];
    const [label = node.label] = node.tooltip;
    return [{ label, description: node.description, run }];
  });
}
