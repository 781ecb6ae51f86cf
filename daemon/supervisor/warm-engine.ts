// One engine process for run after run: started when something is asked of it, kept with its model while there may be
// more, replaced when it died. Ends a run whose machine is about to have no memory left, before the system ends something.
import { dirname } from "node:path";
import { z } from "zod";
import { Failure, notEnoughMemory, programDefect } from "../base/failure.ts";
import { isAlive } from "../base/process-mark.ts";
import { sweepTemporaries } from "../base/write-file.ts";
import type { Plan } from "../plan/plan.ts";
import type { DoctorReport, Outcome } from "../protocol/engine-message.ts";
import type { Attempt, RunListener, RunPlaces } from "../protocol/run-attempt.ts";
import { runClock } from "../protocol/run-clock.ts";
import type { RunEvent } from "../protocol/run-event.ts";
import type { RunEnd } from "../protocol/run-record.ts";
import {
  type Engine,
  type EngineEnd,
  type EngineOptions,
  throwUnlessDone,
} from "./start-engine.ts";

export interface WarmEngineOptions {
  start(options: EngineOptions): Engine;
  /** What the machine could still give, in bytes, while the engine holds `engineBytes`. */
  availableBytes(engineBytes: number): number;
  /** An engine that nobody needs for this long gives its memory back. */
  idleMs(): number;
  /** What the engine writes about itself. */
  onWords(text: string): void;
}

/** What a timer can wait for; a longer one would go off at once. */
const mostTimerMs = 2 ** 31 - 1;

/** Below this much memory left, a run is ended rather than the system. */
const leastAvailableBytes = 192 * 2 ** 20;

export class WarmEngine {
  readonly #options: WarmEngineOptions;
  #engine: Engine | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Why this process ended the engine itself, where it did. */
  #reason: Failure | undefined;
  /** The run was to end, perhaps before there was an engine to tell. */
  #isCancelled = false;
  /** Requests that it has not answered. */
  #atWork = 0;

  constructor(options: WarmEngineOptions) {
    this.#options = options;
  }

  /** Never rejects. `plan` is checked by the engine. */
  async run(
    plan: Readonly<Record<string, unknown>>,
    places: RunPlaces,
    { onEvent, onPreview }: RunListener,
  ): Promise<Attempt> {
    this.#isCancelled = false;
    await this.sweep(plan, places);
    if (this.#isCancelled) return { kind: "ended", end: { kind: "cancelled" } };
    const clock = runClock();
    const hear = ({ atMs, event }: { readonly atMs: number; readonly event: RunEvent }): void => {
      clock.hear(atMs, event);
      onEvent(atMs, event);
    };
    try {
      const { outcome, peakBytes } = await this.#with((engine) =>
        // The engine's own parser decides whether it is one.
        engine.run(plan as unknown as Plan, hear, { ...places, onPreview }),
      );
      // What a run that went on from a checkpoint took before is known to nobody: its daemon may have been killed then.
      const seconds = clock.isWhole ? clock.totalMs / 1000 : null;
      return { kind: "ended", end: endOf(outcome, { seconds, peakBytes }) };
    } catch (error) {
      await this.sweep(plan, places);
      return this.#explain(error);
    }
  }

  /** Takes away what engines that were killed have left half written. Never rejects. */
  async sweep(plan: Readonly<Record<string, unknown>>, places?: RunPlaces): Promise<void> {
    const own = places === undefined ? [] : [dirname(places.checkpoint), places.trace];
    const folders = new Set([...own, ...outputFolders(plan)]);
    for (const folder of folders) await sweepTemporaries(folder, isAlive);
  }

  /** Throws `engineCrashed`, or what the engine could not find out. */
  async doctor(): Promise<DoctorReport> {
    const { outcome } = await this.#with((engine) => engine.doctor());
    throwUnlessDone(outcome);
    if (outcome.kind !== "report") throw new Error("the engine must answer with a report");
    return outcome.report;
  }

  /** The run ends after its present step. */
  cancel(): void {
    this.#isCancelled = true;
    this.#engine?.cancel();
  }

  /** Ends the process in the middle of whatever it does. */
  kill(): void {
    this.#isCancelled = true;
    this.#endEngine();
  }

  /** A run that begins meanwhile is not cancelled by it: it gets an engine of its own. */
  #endEngine(): void {
    this.#engine?.kill();
    // What is asked for from now on is not asked of a process that is about to be gone.
    this.#engine = undefined;
  }

  async #with(ask: (engine: Engine) => Promise<EngineEnd>): Promise<EngineEnd> {
    clearTimeout(this.#idle);
    this.#reason = undefined;
    const engine = this.#engine ?? this.#start();
    this.#atWork += 1;
    try {
      const end = await ask(engine);
      // Whoever asked is told a sentence; the stack is for the report of it.
      if (end.outcome.kind === "defect") this.#options.onWords(`defect: ${end.outcome.message}\n`);
      return end;
    } catch (error) {
      engine.kill();
      await engine.ended;
      throw error;
    } finally {
      this.#atWork -= 1;
      clearTimeout(this.#idle);
      if (this.#atWork === 0) {
        const idleMs = Math.min(this.#options.idleMs(), mostTimerMs);
        this.#idle = setTimeout(() => this.#endEngine(), idleMs).unref();
      }
    }
  }

  #start(): Engine {
    const engine = this.#options.start({
      onWords: this.#options.onWords,
      onHeartbeat: (heldBytes) => this.#guardMemory(heldBytes),
    });
    this.#engine = engine;
    void engine.ended.then(() => {
      if (this.#engine === engine) this.#engine = undefined;
    });
    return engine;
  }

  #guardMemory(engineBytes: number): void {
    const available = this.#options.availableBytes(engineBytes);
    if (this.#atWork === 0 || available > leastAvailableBytes || this.#reason !== undefined) return;
    this.#reason = notEnoughMemory(
      leastAvailableBytes,
      available,
      "other programs have taken it meanwhile; close some of them, or set tiling: on or a smaller size",
    );
    this.kill();
  }

  #explain(error: unknown): Attempt {
    const reason = this.#reason ?? error;
    if (!(reason instanceof Failure)) throw reason;
    if (reason.code === "engine.crashed") return { kind: "died", why: reason.message };
    return { kind: "ended", end: failedWith(reason) };
  }
}

function endOf(
  outcome: Outcome,
  took: { readonly seconds: number | null; readonly peakBytes: number },
): RunEnd {
  switch (outcome.kind) {
    case "done":
    case "report":
      return { kind: "done", ...took };
    case "failed":
      if (outcome.code === "run.cancelled") return { kind: "cancelled" };
      return outcome;
    case "defect":
      return failedWith(programDefect(outcome.message));
    default:
      return outcome satisfies never;
  }
}

const failedWith = ({ code, message }: Failure): RunEnd => ({ kind: "failed", code, message });

/** Folders that a plan's pictures go to; none where it is no plan. */
function outputFolders(plan: Readonly<Record<string, unknown>>): readonly string[] {
  const { data } = outputsSchema.safeParse(plan);
  return data?.prompts.flatMap(({ outputs }) => outputs).map(dirname) ?? [];
}

const outputsSchema = z.object({ prompts: z.array(z.object({ outputs: z.array(z.string()) })) });
