// What the page is told of a recipe's runs: the one that is painted, else one that waits, else how the last one ended.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import type { FeedSnapshot } from "../client/run-feed.ts";
import { type Pace, secondsLeft, shareDone } from "../runs/pace.ts";
import { isActive } from "../runs/recipe-lenses.ts";
import type { ShownWork } from "./messages.ts";

/** The queue, as far as it matters here. */
export interface QueueState {
  /** Where no daemon is up, runs are as they were last known. */
  readonly link: FeedSnapshot["link"];
  readonly paused: boolean;
  /** Numbers of runs, first comes first. */
  readonly waiting: readonly number[];
  /** Of the run that is painted. */
  pace(runId: number): Pace | undefined;
  readonly nowMs: number;
}

/** `runs` are those of the recipe, in the order that they were submitted in. */
export function describeWork(runs: readonly RunRecord[], queue: QueueState): ShownWork {
  const running = runs.findLast(({ state }) => state.kind === "running");
  const active = running ?? runs.find(isActive);
  if (active !== undefined && queue.link !== "up")
    return { kind: "lost", runId: active.id, size: active.size };
  if (running !== undefined) return describeRunning(running, queue);
  const ours = new Set(runs.map(({ id }) => id));
  const next = queue.waiting.findIndex((id) => ours.has(id));
  const runId = queue.waiting[next];
  if (runId !== undefined) return { kind: "waiting", runId, before: next, isPaused: queue.paused };
  return describeEnd(runs.at(-1));
}

function describeRunning(
  { id, state, size, stages }: RunRecord,
  { pace, nowMs }: QueueState,
): ShownWork {
  if (state.kind !== "running") return { kind: "idle" };
  const { progress, stopping } = state;
  const paced = pace(id);
  return {
    kind: "running",
    runId: id,
    size,
    stages: stages.map((stage) => stage.size),
    place:
      progress === null
        ? null
        : {
            stage: progress.stage,
            step: progress.step,
            steps: progress.steps,
            share:
              paced === undefined ? progress.done / Math.max(1, progress.total) : shareDone(paced),
          },
    secondsLeft: paced === undefined ? null : secondsLeft(paced, nowMs),
    isStopping: stopping,
  };
}

function describeEnd(run: RunRecord | undefined): ShownWork {
  if (run?.state.kind === "failed")
    return { kind: "failed", runId: run.id, message: run.state.message };
  if (run?.state.kind === "cancelled") return { kind: "cancelled", runId: run.id };
  return { kind: "idle" };
}
