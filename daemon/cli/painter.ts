// Who paints the command line's plans: the daemon where one is up, otherwise an engine of this process's own.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { availableMemory } from "../base/available-memory.ts";
import type { CachePlace } from "../cache/cache-place.ts";
import { type Daemon, findDaemon } from "../client/connect-daemon.ts";
import { submitPlans } from "../client/submit-plans.ts";
import type { Plan } from "../plan/plan.ts";
import { type Engine, startEngine } from "../supervisor/start-engine.ts";
import type { CliContext } from "./cli-context.ts";
import { queueFollower } from "./queue-follower.ts";

export interface Painter extends Pick<Engine, "run" | "cancel" | "kill"> {
  /** Whether each plan has a process of its own, so that its memory is its own. */
  readonly isolates: boolean;
  /** Nothing of it goes on after that. */
  close(): Promise<void>;
}

interface PainterOptions {
  /** False: an engine of this process's own, also where a daemon is up. */
  readonly daemon?: boolean;
  /** False: networks are opened from the model's own files, and none are kept. */
  readonly cache?: boolean;
  /** Where no daemon is up: an engine for each plan, which keeps the pictures of its stages in a folder of its own below this one. */
  readonly traces?: string;
}

// Whoever wants no prepared networks wants an engine that knows none.
const asksDaemon = ({ daemon = true, cache = true }: PainterOptions): boolean => daemon && cache;

/** What plans for the painter are made with: an engine of this process's own gets nothing of what the daemon's has kept. */
export function planningFor(context: CliContext, options: PainterOptions): CliContext {
  if (asksDaemon(options)) return context;
  return { ...context, availableBytes: () => availableMemory(context.keptBytes()) };
}

/** `file` is the recipe's. Rejects with `otherDaemon`, `daemonUnreachable`, or as a submit does; then no run of it is left waiting. */
export async function openPainter(
  plans: readonly Plan[],
  file: string | null,
  context: CliContext,
  options: PainterOptions,
): Promise<Painter> {
  const { cache = true, traces } = options;
  const place = cache ? context.networks() : null;
  const daemon = asksDaemon(options) ? await findDaemon(context.daemon, "frecas run") : undefined;
  if (daemon === undefined)
    return traces === undefined
      ? ownEngine(context.engine, place)
      : ownEngines(context.engine, place, traces);
  return daemonPainter(daemon, plans, { file, warn: context.warn });
}

function ownEngine(path: string, cache: CachePlace | null): Painter {
  const engine = startEngine(path, { cache });
  return {
    run: engine.run,
    cancel: engine.cancel,
    kill: engine.kill,
    isolates: false,
    close: async () => engine.kill(),
  };
}

/** One after the other. */
function ownEngines(path: string, cache: CachePlace | null, traces: string): Painter {
  let present: Engine | undefined;
  let count = 0;
  return {
    run: async (plan, onEvent) => {
      const engine = startEngine(path, { cache });
      present = engine;
      count += 1;
      return engine.run(plan, onEvent, { trace: join(traces, String(count)) }).finally(engine.kill);
    },
    cancel: () => present?.cancel(),
    kill: () => present?.kill(),
    isolates: true,
    close: async () => present?.kill(),
  };
}

/** Submits all plans at once, so that they are painted even if this process ends. */
async function daemonPainter(
  daemon: Daemon,
  plans: readonly Plan[],
  { file, warn }: { readonly file: string | null; warn(words: string): void },
): Promise<Painter> {
  const follower = queueFollower(daemon);
  const ids: number[] = [];
  let unfinished: readonly number[] = ids;
  // What cannot be reached any more cannot be cancelled either.
  const cancel = async (id: number): Promise<void> =>
    void (await daemon.ask("cancel", { id }).catch(() => {}));
  // Those that wait first, so that none of them begins when the one before it ends.
  const cancelAll = async (): Promise<void> =>
    void (await Promise.all([...unfinished].reverse().map(cancel)));
  try {
    await daemon.subscribe(null, follower);
    const onSubmitted = (some: readonly number[]): void => {
      follower.follow(some);
      ids.push(...some);
    };
    await submitPlans(daemon, plans, { file, key: randomUUID(), onSubmitted });
    await warnOfOthers(daemon, ids, warn);
  } catch (error) {
    await cancelAll();
    daemon.dispose();
    throw error;
  }
  let isCancelled = false;
  return {
    run: async (plan, onEvent) => {
      const id = ids[plans.indexOf(plan)] as number;
      const end = await follower.untilEnded(id, onEvent);
      unfinished = unfinished.filter((each) => each !== id);
      return end;
    },
    cancel: () => {
      isCancelled = true;
      void cancelAll();
    },
    kill: () => unfinished.slice(0, 1).forEach((id) => void cancel(id)),
    isolates: false,
    close: async () => {
      // One that was asked to stop is not asked again: that would end its engine.
      if (!isCancelled) await cancelAll();
      daemon.dispose();
    },
  };
}

/** Says why the runs with these numbers are not begun at once, where they are not. */
async function warnOfOthers(
  daemon: Daemon,
  ids: readonly number[],
  warn: (words: string) => void,
): Promise<void> {
  const { runs, waiting, paused } = await daemon.ask("list", {});
  if (paused) warn("the daemon's queue is paused; `frecas resume` lets it go on");
  const before = runs.filter(({ state, id }) => state.kind === "running" && !ids.includes(id));
  if (before.length > 0)
    warn(
      `the daemon paints other runs first, ${before.length + waiting.indexOf(ids[0] ?? 0)} of them; \`frecas watch\` shows it`,
    );
}
