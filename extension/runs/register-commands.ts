// The commands about recipes and their runs. Each takes what its lens gives it; from the palette or a key it is about
// the recipe at the cursor.
import { commands, Disposable, Uri, window } from "vscode";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { documentAt } from "../plan-request/recipe-documents.ts";
import { agrees } from "./agrees.ts";
import { askBefore } from "./ask-before.ts";
import { askOnly } from "./ask-only.ts";
import { generate, type Wish } from "./generate.ts";
import { mayPaint } from "./may-paint.ts";
import { plainMessage } from "./plain-message.ts";
import { comparesMethods, runsOf } from "./recipe-runs.ts";
import {
  findTarget,
  type RecipeArgument,
  type RecipeTarget,
  readDocuments,
} from "./recipe-target.ts";
import { restartDaemon } from "./restart-daemon.ts";
import type { RunParts } from "./run-parts.ts";
import { planStop, type StopPlace, type Stopping } from "./stop-runs.ts";
import { tellFailure } from "./tell-failure.ts";

/** What lenses, notifications and keys give; an address where the editor's own menus call. */
type Argument = Partial<RecipeArgument> & {
  readonly ids?: readonly number[];
  readonly id?: number;
  readonly runId?: number;
};

type Handler = (argument: Argument | undefined, parts: RunParts) => Promise<void>;

export function registerCommands(parts: RunParts): Disposable {
  const registered = Object.entries(makeHandlers()).map(([name, handle]) =>
    commands.registerCommand(name, async (argument: unknown) => {
      try {
        await handle(readArgument(argument), parts);
      } catch (error) {
        void tellFailure(error, parts.log);
      }
    }),
  );
  return Disposable.from(...registered);
}

/** The editor's menus give a file's address, which says no more than the cursor does. */
function readArgument(argument: unknown): Argument | undefined {
  const isOurs = typeof argument === "object" && argument !== null && !(argument instanceof Uri);
  return isOurs ? argument : undefined;
}

function makeHandlers(): Readonly<Record<string, Handler>> {
  /** Recipes whose text is on its way to the daemon: a second click in that time is not a second wish. */
  const onTheWay = new Set<string>();
  const wish =
    (wish: Wish | ((target: RecipeTarget, parts: RunParts) => Promise<Wish>)): Handler =>
    async (argument, parts) => {
      const found = await findTarget(argument, parts);
      const target = found && (await askBefore(found, parts));
      const key = `${target?.document.uri} ${target?.name}`;
      if (target === undefined || onTheWay.has(key)) return;
      onTheWay.add(key);
      try {
        await generate(target, typeof wish === "string" ? wish : await wish(target, parts), parts);
      } finally {
        onTheWay.delete(key);
      }
    };
  return {
    "frecas.generate": wish("alone"),
    "frecas.compare": wish(comparison),
    "frecas.again": wish("again"),
    "frecas.stop": stop,
    "frecas.retry": retry,
    "frecas.show": show,
    "frecas.showFailure": showFailure,
    "frecas.restartDaemon": (_, { feed }) => restartDaemon(feed),
    "frecas.goOn": async (_, { feed }) => {
      if (await mayPaint()) await feed.ask("list", {});
    },
  };
}

/** What comparing a recipe means: what its `compare` asks for, else the methods. All recipes of a file are compared with each other. */
async function comparison({ document, name }: RecipeTarget, parts: RunParts): Promise<Wish> {
  if (name === null) return "compared";
  const found = (await readDocuments(document, parts)).find((one) => one.name === name);
  return found !== undefined && comparesMethods(found) ? "methods" : "compared";
}

async function stop(argument: Argument | undefined, parts: RunParts): Promise<void> {
  const stopping = planStop(parts.feed.snapshot(), await stopPlace(argument, parts));
  if (stopping.kind === "nothing") void window.showInformationMessage(stopping.why);
  else for (const id of await agreedStops(stopping)) await askOnly(parts, "cancel", { id });
}

async function stopPlace(argument: Argument | undefined, parts: RunParts): Promise<StopPlace> {
  if (argument?.ids !== undefined) return { kind: "runs", ids: argument.ids };
  if (window.activeTextEditor?.document.languageId !== "frecas") return { kind: "elsewhere" };
  // Where the recipe cannot be told, none of its runs can: what is painted is then asked about by name.
  const runs = await runsAtCursor(parts).catch(() => []);
  return { kind: "recipe", ids: runs.map(({ id }) => id) };
}

async function agreedStops(
  stopping: Exclude<Stopping, { readonly kind: "nothing" }>,
): Promise<readonly number[]> {
  if (stopping.kind === "stop") return stopping.ids;
  const { id, name } = stopping.run;
  const question = {
    sentence: `Stop ${name} · run ${id}?`,
    detail: "No run of the recipe at the cursor is painted or waits.",
    yes: "Stop It",
  };
  return (await agrees(question)) ? [id] : [];
}

async function retry(argument: Argument | undefined, parts: RunParts): Promise<void> {
  const id = argument?.id ?? (await lastFailedAtCursor(parts));
  if (id !== undefined) await tryAgain(id, parts);
  else void window.showInformationMessage("No run of this recipe has failed or been stopped.");
}

async function lastFailedAtCursor(parts: RunParts): Promise<number | undefined> {
  return (await runsAtCursor(parts)).findLast(
    ({ state }) => state.kind === "failed" || state.kind === "cancelled",
  )?.id;
}

async function show(argument: Argument | undefined, parts: RunParts): Promise<void> {
  const { runId } = argument ?? {};
  const run = parts.feed.snapshot().runs.find(({ id }) => id === runId);
  if (run !== undefined && runId !== undefined) {
    const uri = argument?.uri ?? Uri.file(run.file ?? "").toString();
    return parts.showResults({ uri, name: argument?.name ?? run.name, runId });
  }
  const target = await findTarget(argument, parts);
  if (target === undefined) return;
  await parts.showResults({ uri: target.document.uri.toString(), name: target.name ?? "" });
}

async function showFailure(argument: Argument | undefined, parts: RunParts): Promise<void> {
  const run = parts.feed.snapshot().runs.find(({ id }) => id === argument?.id);
  if (run?.state.kind !== "failed") return;
  const [again, openLog] = ["Retry", "Open log"];
  const sentence = plainMessage(`${run.name}: ${run.state.message}`);
  const answer = await window.showErrorMessage(sentence, again, openLog);
  if (answer === again) await tryAgain(run.id, parts);
  if (answer === openLog) await commands.executeCommand("frecas.openLog");
}

async function tryAgain(id: number, parts: RunParts): Promise<void> {
  if (await mayPaint()) await askOnly(parts, "retry", { id });
}

/** Those of the recipe at the cursor; none where no recipe is open. */
async function runsAtCursor(parts: RunParts): Promise<readonly RunRecord[]> {
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== "frecas") return [];
  const { document, selection } = editor;
  const documents = await readDocuments(document, parts);
  const here = documentAt(documents, selection.active.line);
  if (here === undefined) return [];
  const names = documents.map(({ name }) => name);
  const place = { file: document.uri.fsPath, name: here.name, names };
  return runsOf(place, parts.feed.snapshot().runs);
}
