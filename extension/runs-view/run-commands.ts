// The runs view's commands. Each acts on what it was given, else on the runs that are selected in the tree, else on what is
// picked from a list, so that all of them work from the palette too.
import * as vscode from "vscode";
import type { RunFeed } from "../client/run-feed.ts";
import { documentOf, documentsOf } from "../plan-request/recipe-documents.ts";
import { agrees } from "../runs/agrees.ts";
import { askOnly } from "../runs/ask-only.ts";
import type { KeptPlans } from "../runs/keep-plans.ts";
import { mayPaint } from "../runs/may-paint.ts";
import { tellFailure } from "../runs/tell-failure.ts";
import { chooseRuns, pickRun, type ShownRuns } from "./choose-runs.ts";
import { planMoves, planSteps } from "./plan-moves.ts";
import { picturesStay, type RunAction, runsFor } from "./run-actions.ts";
import type { RunNode } from "./run-tree.ts";

export interface RunCommandParts {
  readonly feed: RunFeed;
  readonly plans: Pick<KeptPlans, "of">;
  readonly log: vscode.LogOutputChannel;
}

/** All `frecas.runs.*` commands. */
export function registerRunCommands(parts: RunCommandParts, shown: ShownRuns): vscode.Disposable {
  const { feed, log } = parts;
  const command = commandsTold(log);
  const chosen = (
    action: RunAction,
    title: string,
    act: (ids: readonly number[]) => Promise<unknown>,
  ) =>
    command(action, async (clicked?: unknown, selected?: unknown) =>
      act(await chooseRuns({ action, title, clicked, selected }, shown)),
    );
  const each = (action: "cancel" | "remove", title: string) =>
    chosen(action, title, async (ids) => {
      for (const id of ids) await askOnly(parts, action, { id });
    });
  const move = (action: keyof typeof planning, title: string) =>
    chosen(action, title, async (ids) => {
      for (const one of planning[action](ids, feed.snapshot().waiting))
        await askOnly(parts, "move", one);
    });
  return vscode.Disposable.from(
    command("pause", () => feed.ask("pause", { paused: true })),
    command("resume", async () => (await mayPaint()) && feed.ask("pause", { paused: false })),
    chosen("retry", "Try which run again?", async (ids) => {
      if (await mayPaint()) for (const id of ids) await askOnly(parts, "retry", { id });
    }),
    each("cancel", "Cancel which run?"),
    each("remove", "Forget which run? Its pictures stay."),
    move("first", "Paint which run next?"),
    move("up", "Move which run up?"),
    move("down", "Move which run down?"),
    command("clearHistory", () => clearHistory(parts, shown)),
    command("openRecipe", (clicked?: unknown) => openRecipe(parts, shown, clicked)),
  );
}

type Act = (...given: readonly unknown[]) => Promise<unknown>;

/** Commands whose failures are told. */
function commandsTold(log: vscode.LogOutputChannel): (name: string, act: Act) => vscode.Disposable {
  return (name, act) =>
    vscode.commands.registerCommand(`frecas.runs.${name}`, (...given: readonly unknown[]) =>
      act(...given).catch((error: unknown) => tellFailure(error, log)),
    );
}

/** All moves of a command are planned at once: the events that tell of them may come later than the answers. */
const planning = {
  first: (ids: readonly number[], waiting: readonly number[]) =>
    planMoves(ids, { kind: "first" }, waiting),
  up: (ids: readonly number[], waiting: readonly number[]) => planSteps(ids, -1, waiting),
  down: (ids: readonly number[], waiting: readonly number[]) => planSteps(ids, 1, waiting),
};

async function clearHistory(parts: RunCommandParts, shown: ShownRuns): Promise<void> {
  const history = shown.all().filter(({ id }) => id === "history");
  const ended = runsFor("remove", history);
  if (ended.length === 0) return;
  const question = {
    sentence: "Forget all runs that have ended?",
    detail: picturesStay,
    yes: ended.length === 1 ? "Forget It" : `Forget ${ended.length} Runs`,
  };
  if (!(await agrees(question))) return;
  for (const id of ended) await askOnly(parts, "remove", { id });
}

/** The recipe's file, at the recipe where the text still has it. */
async function openRecipe(
  { feed, plans }: RunCommandParts,
  shown: ShownRuns,
  clicked: unknown,
): Promise<void> {
  const chosen = shown.chosen().find(({ kind }) => kind !== "section");
  const given = clicked === undefined ? chosen : shown.node(String(clicked));
  const id = given === undefined ? await pickOne(shown) : runNumbers(given)[0];
  const run = feed.snapshot().runs.find((one) => one.id === id);
  if (run === undefined) return;
  if (run.file === null) {
    void vscode.window.showInformationMessage(`${run.name} was not painted from a file.`);
    return;
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(run.file));
  const { recipes } = await plans.of(document);
  const line = documentOf(documentsOf(recipes), run.name)?.line;
  const selection = line === undefined ? {} : { selection: new vscode.Range(line, 0, line, 0) };
  await vscode.window.showTextDocument(document, selection);
}

const pickOne = (shown: ShownRuns): Promise<number | undefined> =>
  pickRun("Open the recipe of which run?", shown.all().flatMap(runNumbers), shown);

const runNumbers = (node: RunNode): readonly number[] =>
  node.kind === "run" ? [node.run] : node.children.flatMap(runNumbers);
