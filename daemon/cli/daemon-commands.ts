// The commands about the daemon and its queue. Each prints and returns its exit code.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { type Failure, invalidCommand } from "../base/failure.ts";
import { type Daemon, endDaemon, findDaemon, findOrStartDaemon } from "../client/connect-daemon.ts";
import { spawnDaemon } from "../client/spawn-daemon.ts";
import { submitPlans } from "../client/submit-plans.ts";
import type { Plan } from "../plan/plan.ts";
import { planRecipes } from "../planner/plan-recipes.ts";
import type { MethodName, Params } from "../protocol/methods.ts";
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";
import { loadRecipes, parseChanges } from "./load-recipes.ts";
import type { RunOptions } from "./run.ts";
import { showQueue } from "./show-queue.ts";
import { folderOf, parseTarget } from "./target.ts";
import { watchQueue } from "./watch-queue.ts";

/** Puts a file's recipes into the queue and returns at once; starts the daemon where none is up. */
export async function submit(
  target: string,
  { set, json }: RunOptions,
  context: CliContext,
): Promise<number> {
  const recipes = loadRecipes(target, parseChanges(set), context);
  const plans = await planRecipes(recipes, folderOf(target, context.cwd), context);
  const file = resolve(context.cwd, parseTarget(target).file);
  const ids = await submitOnce(plans, file, context);
  for (const [index, id] of ids.entries()) {
    const name = plans[index]?.name ?? "";
    context.terminal.out(json ? JSON.stringify({ id, name }) : `${id}  ${name}`);
  }
  return 0;
}

/** One more try where the daemon ended before it answered: the key keeps it from being two submits. */
async function submitOnce(
  plans: readonly Plan[],
  file: string,
  context: CliContext,
): Promise<readonly number[]> {
  const key = randomUUID();
  const ask = async (): Promise<readonly number[]> => {
    const daemon = await startDaemon(context);
    return submitPlans(daemon, plans, { file, key }).finally(daemon.dispose);
  };
  return ask().catch((error: Failure) => {
    if (error.code !== "daemon.unreachable") throw error;
    return ask();
  });
}

/** The queue as a table, or as one object a run. */
export async function ps({ json }: OutputOptions, context: CliContext): Promise<number> {
  const { terminal } = context;
  return withDaemon(context, json, async (daemon) => {
    const snapshot = await daemon.ask("list", {});
    if (json) for (const run of snapshot.runs) terminal.out(JSON.stringify(run));
    else for (const line of showQueue(snapshot, Date.now())) terminal.out(line);
    return 0;
  });
}

/** Live progress of all runs, until Ctrl-C. */
export async function watch({ json }: OutputOptions, context: CliContext): Promise<number> {
  return withDaemon(context, json, (daemon) => watchQueue(daemon, context, json ?? false));
}

type RunMethod = "cancel" | "retry" | "remove";

/** Does one thing with each of the runs. Rejects with the first Failure. */
export async function changeRuns(
  method: RunMethod,
  ids: readonly number[],
  { json }: OutputOptions,
  context: CliContext,
): Promise<number> {
  return withDaemon(context, json, async (daemon) => {
    for (const id of ids) {
      await daemon.ask(method, { id });
      if (json) context.terminal.out(JSON.stringify({ id, [method]: true }));
    }
    return 0;
  });
}

/** Asks one thing of the queue as a whole. */
export async function changeQueue<Name extends MethodName>(
  method: Name,
  params: Params<Name>,
  { json }: OutputOptions,
  context: CliContext,
): Promise<number> {
  return withDaemon(context, json, async (daemon) => {
    await daemon.ask(method, params);
    if (json) context.terminal.out(JSON.stringify(params));
    return 0;
  });
}

const logFiles = { daemon: "daemon.log", engine: "engine.log" } as const;

/** The last lines that the daemon and its engines wrote. Throws `invalidCommand`. */
export function logs(
  { json, lines }: OutputOptions & { readonly lines: string },
  { daemon, terminal }: CliContext,
): number {
  const most = readCount(lines);
  for (const [who, file] of Object.entries(logFiles)) {
    const all = readLog(join(daemon.state, "logs", file))
      .split("\n")
      .filter(Boolean);
    for (const line of all.slice(Math.max(0, all.length - most)))
      terminal.out(json ? JSON.stringify({ who, line }) : `${who}: ${line}`);
  }
  return 0;
}

function readCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw invalidCommand(`--lines ${text}, which is no number of lines`);
}

function readLog(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export async function daemonStart({ json }: OutputOptions, context: CliContext): Promise<number> {
  (await startDaemon(context)).dispose();
  return daemonStatus({ json: json ?? false }, context);
}

/** Ends the daemon, of whatever version it is. */
export async function daemonStop({ json }: OutputOptions, context: CliContext): Promise<number> {
  if (!(await endDaemon(context.daemon, null))) return sayThatNoneIsUp(json, context);
  context.terminal.out(json ? JSON.stringify({ running: false }) : "the daemon has ended");
  return 0;
}

/** 0 where a daemon is up, 1 where none is. */
export async function daemonStatus({ json }: OutputOptions, context: CliContext): Promise<number> {
  const { out } = context.terminal;
  return withDaemon(context, json, async (daemon) => {
    const { runs, waiting, paused } = await daemon.ask("list", {});
    const { socket } = context.daemon;
    const running = runs.filter(({ state }) => state.kind === "running").length;
    if (json)
      out(
        JSON.stringify({
          running: true,
          socket,
          runs: runs.length,
          waiting: waiting.length,
          paused,
        }),
      );
    else
      out(
        `the daemon is up at ${socket}: ${running} painted, ${waiting.length} waiting${paused ? ", paused" : ""}`,
      );
    return 0;
  });
}

/** What `ask` returns; where no daemon is up, 1 and a word about it. */
async function withDaemon(
  context: CliContext,
  json: boolean | undefined,
  ask: (daemon: Daemon) => Promise<number>,
): Promise<number> {
  const daemon = await findDaemon(context.daemon, "frecas");
  if (daemon === undefined) return sayThatNoneIsUp(json, context);
  try {
    return await ask(daemon);
  } finally {
    daemon.dispose();
  }
}

function sayThatNoneIsUp(json: boolean | undefined, { terminal }: CliContext): number {
  if (json) terminal.out(JSON.stringify({ running: false }));
  terminal.err("no daemon is up; `frecas submit` and `frecas daemon start` start one");
  return 1;
}

function startDaemon({ daemon }: CliContext): Promise<Daemon> {
  return findOrStartDaemon(daemon, "frecas", {
    version: manifest.version,
    start: () => spawnDaemon(daemon.bundle),
  });
}
