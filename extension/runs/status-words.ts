// What the status bar says: a pure function of the runs and the time.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import type { FeedSnapshot } from "../client/run-feed.ts";
import { type Pace, secondsLeft, shareDone } from "./pace.ts";
import { showDuration } from "./show-duration.ts";

export interface StatusWords {
  readonly text: string;
  readonly tooltip: string;
  /** The run that a click stops. */
  readonly id: number;
}

/** Undefined where nothing is painted. */
export function statusWords(
  { link, runs, waiting }: FeedSnapshot,
  pace: (id: number) => Pace | undefined,
  nowMs: number,
): StatusWords | undefined {
  const run = link === "up" ? runs.findLast(({ state }) => state.kind === "running") : undefined;
  if (run?.state.kind !== "running") return undefined;
  const { id, name } = run;
  const paced = pace(id);
  if (run.state.stopping)
    return {
      id,
      text: `$(sync~spin) ${name} · stopping`,
      tooltip: `${name} ends after its present step. Click to stop it at once.`,
    };
  const left = paced === undefined ? null : secondsLeft(paced, nowMs);
  const more = waiting.length === 0 ? [] : [`${waiting.length} waiting`];
  const facts = [...(left === null ? [] : [`${showDuration(left)} left`]), ...more].join(", ");
  return {
    id,
    text: [`$(sync~spin) ${name}`, ...placeWords(run, paced)].join(" · "),
    tooltip: `${facts === "" ? "" : `${facts}. `}Click to stop after the present step, and once more to stop at once.`,
  };
}

function placeWords({ state, stages }: RunRecord, pace: Pace | undefined): readonly string[] {
  if (state.kind !== "running") return [];
  const { progress } = state;
  if (progress === null) return ["opening the model"];
  const share = pace === undefined ? progress.done / Math.max(1, progress.total) : shareDone(pace);
  return [`stage ${progress.stage + 1}/${stages.length}`, `${Math.floor(100 * share)} %`];
}
