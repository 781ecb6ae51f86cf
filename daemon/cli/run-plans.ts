// Plans → pictures through the engine, with progress, Ctrl-C and what the run taught about this machine.
import { runCancelled } from "../base/failure.ts";
import type { Plan } from "../plan/plan.ts";
import { updateProfile } from "../planner/machine-profile.ts";
import type { Part, RunEvent } from "../protocol/run-event.ts";
import { type EngineEvent, throwUnlessDone } from "../supervisor/start-engine.ts";
import type { CliContext } from "./cli-context.ts";
import type { Painter } from "./painter.ts";
import { showProgress } from "./show-progress.ts";

/** A quarter of the built-in model's picture at 512×512. */
const leastMeasuredFlops = 2e11;

/**
 * Runs plans one after the other, in an engine of this process or in the daemon's. Throws the first Failure,
 * `runCancelled` after Ctrl-C; pictures written before stay.
 */
export async function runPlans(
  plans: readonly Plan[],
  painter: Painter,
  context: CliContext,
  output: "text" | "json",
): Promise<void> {
  const interrupt = interruptTwice(painter, context);
  const release = context.onInterrupt(interrupt.hear);
  try {
    for (const plan of plans) {
      interrupt.throwIfAsked();
      await runOne(painter, plan, { context, output });
    }
  } catch (error) {
    // What the end of the engine looks like does not matter to whoever asked for it.
    interrupt.throwIfAsked();
    throw error;
  } finally {
    release();
    await painter.close();
  }
}

async function runOne(
  painter: Painter,
  plan: Plan,
  { context, output }: { readonly context: CliContext; readonly output: "text" | "json" },
): Promise<void> {
  const { terminal } = context;
  const watch = output === "json" ? jsonLines(plan, terminal.out) : showProgress(plan, terminal);
  const busy = partTimes();
  const end = await painter.run(plan, (event) => {
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
  painter: Painter,
  { terminal }: CliContext,
): { hear(): void; throwIfAsked(): void } {
  let asked = false;
  return {
    hear: () => {
      if (asked) return painter.kill();
      asked = true;
      terminal.err(
        "stopping after the present step; pictures already written are kept (Ctrl-C again stops at once)",
      );
      painter.cancel();
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
  let startedMs: number | null = null;
  let firstMs: number | null = null;
  let lastMs = 0;
  const seconds = (...parts: readonly Part[]): number =>
    parts.reduce((sum, part) => sum + (spent.get(part) ?? 0), 0) / 1000;
  return {
    add({ atMs, event }: { readonly atMs: number; readonly event: RunEvent }): void {
      firstMs ??= atMs;
      lastMs = atMs;
      if (event.kind === "calling") startedMs = atMs;
      // Of a run that is heard in its middle the first call may have begun before.
      if (event.kind !== "called" || startedMs === null) return;
      spent.set(event.part, (spent.get(event.part) ?? 0) + atMs - startedMs);
      startedMs = null;
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
