// One plan in a fresh engine process → when its parts began and ended, and its peak memory.

import type { Plan } from "../daemon/plan/plan.ts";
import type { RunEvent } from "../daemon/protocol/run-event.ts";
import { startEngine } from "../daemon/supervisor/start-engine.ts";

/** One kind of work: `key` is "text", "denoiser 0", "vae 2", "opening denoiser". */
export interface PartFigures {
  readonly key: string;
  readonly calls: number;
  readonly seconds: number;
}

export interface RunFigures {
  readonly parts: readonly PartFigures[];
  /** From the start of the process, in seconds. */
  readonly firstUNetCall: number;
  readonly total: number;
  readonly peakBytes: number;
  /** What the machine did at most, beside this run. */
  readonly gemmGflops: number;
}

/** Throws where the run does not end well. */
export async function measureRun(
  plan: Plan,
  enginePath: string,
): Promise<Omit<RunFigures, "gemmGflops">> {
  const engine = startEngine(enginePath);
  const timer = partTimer();
  const end = await engine
    .run(plan, ({ atMs, event }) => timer.add(event, atMs))
    .finally(() => engine.kill());
  // A picture of random weights may be refused; its work has been timed all the same.
  if (
    end.outcome.kind !== "done" &&
    !(end.outcome.kind === "failed" && end.outcome.code === "picture.broken")
  )
    throw new Error(JSON.stringify(end.outcome));
  return {
    parts: timer.parts(),
    firstUNetCall: timer.firstUNetCall() / 1000,
    total: end.atMs / 1000,
    peakBytes: end.peakBytes,
  };
}

function partTimer() {
  const parts = new Map<string, { calls: number; seconds: number }>();
  let startedMs = 0;
  let firstMs: number | undefined;
  const close = (key: string, atMs: number): void => {
    const part = parts.get(key) ?? { calls: 0, seconds: 0 };
    const seconds = part.seconds + (atMs - startedMs) / 1000;
    parts.set(key, { calls: part.calls + 1, seconds });
  };
  return {
    add(event: RunEvent, atMs: number): void {
      if (event.kind === "opened") close(`opening ${event.part}`, atMs);
      if (event.kind === "called") close(keyOf(event), atMs);
      if (event.kind === "calling" && event.part === "denoiser") firstMs ??= atMs;
      startedMs = atMs;
    },
    firstUNetCall: (): number => firstMs ?? Number.NaN,
    parts: (): readonly PartFigures[] => [...parts].map(([key, part]) => ({ key, ...part })),
  };
}

/** Both halves of the VAE go by the stage they work for. */
function keyOf({ part, stage }: Extract<RunEvent, { kind: "called" }>): string {
  return stage === null ? part : `${part.split("-", 1)[0]} ${stage}`;
}
