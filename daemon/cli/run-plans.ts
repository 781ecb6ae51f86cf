// Plans → pictures through the engine, with progress, Ctrl-C and what the run taught about this machine.
import { runCancelled } from "../base/failure.ts";
import type { Plan } from "../plan/plan.ts";
import type { Part, RunEvent } from "../protocol/run-event.ts";
import {
  type Engine,
  type EngineEvent,
  startEngine,
  throwUnlessDone,
} from "../supervisor/start-engine.ts";
import type { CliContext } from "./cli-context.ts";
import type { OutputOptions } from "./commands.ts";
import { updateProfile } from "./machine-profile.ts";
import { showProgress } from "./show-progress.ts";

/** A quarter of the built-in model's picture at 512×512. */
const leastMeasuredFlops = 2e11;

/**
 * Runs plans one after the other in one engine, which keeps prepared networks unless `cache` is false. Throws the first Failure, `runCancelled` after Ctrl-C; pictures
 * written before stay.
 */
export async function runPlans(
  plans: readonly Plan[],
  context: CliContext,
  { json = false, cache: keeps = true }: OutputOptions & { readonly cache?: boolean },
): Promise<void> {
  const output = json ? "json" : "text";
  const engine = startEngine(context.engine, { cache: keeps ? context.networks() : null });
  const interrupt = interruptTwice(engine, context);
  const release = context.onInterrupt(interrupt.hear);
  try {
    for (const plan of plans) {
      interrupt.throwIfAsked();
      await runOne(engine, plan, { context, output });
    }
  } catch (error) {
    // What the end of the engine looks like does not matter to whoever asked for it.
    interrupt.throwIfAsked();
    throw error;
  } finally {
    release();
    engine.kill();
  }
}

async function runOne(
  engine: Engine,
  plan: Plan,
  { context, output }: { readonly context: CliContext; readonly output: "text" | "json" },
): Promise<void> {
  const { terminal } = context;
  const watch = output === "json" ? jsonLines(plan, terminal.out) : showProgress(plan, terminal);
  const busy = partTimes();
  const end = await engine.run(plan, (event) => {
    busy.add(event);
    watch(event);
  });
  throwUnlessDone(end.outcome);
  const { atMs, peakBytes } = end;
  if (output === "json")
    terminal.out(JSON.stringify({ recipe: plan.name, atMs, peakBytes, kind: "done" }));
  else
    terminal.err(
      `${plan.name}: done in ${(busy.total() / 1000).toFixed(1)} s, peak memory ${Math.round(peakBytes / 2 ** 20)} MB`,
    );
  // A run of an instant says more about starting than about speed; one whose texts the engine knew, nothing of theirs.
  if (plan.cost.total > leastMeasuredFlops && busy.has("text"))
    await updateProfile(context.profile, busy.profile(plan));
}

/** The first Ctrl-C asks, the second one does not. */
function interruptTwice(
  engine: Engine,
  { terminal }: CliContext,
): { hear(): void; throwIfAsked(): void } {
  let asked = false;
  return {
    hear: () => {
      if (asked) return engine.kill();
      asked = true;
      terminal.err(
        "stopping after the present step; pictures already written are kept (Ctrl-C again stops at once)",
      );
      engine.cancel();
    },
    throwIfAsked: () => {
      if (asked) throw runCancelled("pictures already written are kept");
    },
  };
}

function jsonLines(plan: Plan, out: (line: string) => void): (event: EngineEvent) => void {
  return ({ atMs, event }) => out(JSON.stringify({ recipe: plan.name, atMs, ...event }));
}

/** Milliseconds that each kind of network call took. */
function partTimes() {
  const spent = new Map<Part, number>();
  let startedMs = 0;
  let firstMs: number | null = null;
  let lastMs = 0;
  const seconds = (...parts: readonly Part[]): number =>
    parts.reduce((sum, part) => sum + (spent.get(part) ?? 0), 0) / 1000;
  return {
    add({ atMs, event }: { readonly atMs: number; readonly event: RunEvent }): void {
      firstMs ??= atMs;
      lastMs = atMs;
      if (event.kind === "calling") startedMs = atMs;
      if (event.kind === "called")
        spent.set(event.part, (spent.get(event.part) ?? 0) + atMs - startedMs);
    },
    has: (part: Part): boolean => spent.has(part),
    total: (): number => lastMs - (firstMs ?? lastMs),
    /** GFLOP/s of each kind of network, for the next estimate. */
    profile({ cost, prompts }: Plan) {
      const gflops = (flops: number, time: number): number =>
        Math.max(0.001, (flops * prompts.length) / Math.max(time, 1e-6) / 1e9);
      const sum = (values: readonly number[]): number =>
        values.reduce((all, each) => all + each, 0);
      return {
        rate: {
          gflopsText: gflops(cost.text, seconds("text")),
          gflopsDenoiser: gflops(sum(cost.denoiserByStage), seconds("denoiser")),
          gflopsVae: gflops(sum(cost.vaeByStage), seconds("vae-encode", "vae-decode")),
        },
      };
    },
  };
}
