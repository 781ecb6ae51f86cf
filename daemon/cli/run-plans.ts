// Plans → pictures through the engine, with progress, Ctrl-C and what the run taught about this machine.
import { runCancelled } from "../base/failure.ts";
import type { Plan } from "../plan/plan.ts";
import { updateProfile } from "../planner/machine-profile.ts";
import { speedMeter } from "../planner/measure-speed.ts";
import { paintingClock } from "../planner/painting-clock.ts";
import type { KeptStage } from "../protocol/kept-stage.ts";
import { type EngineEvent, throwUnlessDone } from "../supervisor/start-engine.ts";
import type { CliContext } from "./cli-context.ts";
import type { Painter } from "./painter.ts";
import { showProgress } from "./show-progress.ts";

/** What is known of a run that is done. */
export interface RunFacts {
  /** Without the time in which networks were opened. */
  readonly paintingSeconds: number;
  readonly peakBytes: number;
  /** Of stages whose pictures are kept. */
  readonly stages: readonly KeptStage[];
}

/**
 * Runs plans one after the other, in an engine of this process or in the daemon's. Throws the first Failure,
 * `runCancelled` after Ctrl-C; pictures written before stay. Returns what is known of each.
 */
export async function runPlans(
  plans: readonly Plan[],
  painter: Painter,
  context: CliContext,
  output: "text" | "json",
): Promise<readonly RunFacts[]> {
  const facts: RunFacts[] = [];
  const interrupt = interruptTwice(painter, context);
  const release = context.onInterrupt(interrupt.hear);
  try {
    for (const plan of plans) {
      interrupt.throwIfAsked();
      facts.push(await runOne(painter, plan, { context, output }));
    }
    return facts;
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
): Promise<RunFacts> {
  const { terminal } = context;
  const watch = output === "json" ? jsonLines(plan, terminal.out) : showProgress(plan, terminal);
  const meter = speedMeter();
  const clock = paintingClock();
  const stages: KeptStage[] = [];
  const end = await painter.run(plan, (event) => {
    meter.hear(event.atMs, event.event);
    clock.hear(event.atMs, event.event);
    if (event.event.kind === "stage-kept") stages.push(event.event);
    watch(event);
  });
  throwUnlessDone(end.outcome);
  const { atMs, peakBytes } = end;
  if (output === "json")
    terminal.out(JSON.stringify({ recipe: plan.name, atMs, peakBytes, kind: "done" }));
  else
    terminal.err(
      `${plan.name}: done in ${(meter.totalMs / 1000).toFixed(1)} s, peak memory ${Math.round(peakBytes / 2 ** 20)} MB`,
    );
  const learnt = meter.learn(plan);
  if (learnt !== undefined) await updateProfile(context.profile, learnt);
  return { paintingSeconds: clock.seconds, peakBytes, stages };
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
