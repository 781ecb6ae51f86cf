// The queue as a table: one line a run, what is painted and what waits first.
import { showSize } from "../base/size.ts";
import type { Snapshot } from "../protocol/queue-event.ts";
import type { RunRecord } from "../protocol/run-record.ts";

/** Lines for people; `nowMs` is when they read them. */
export function showQueue({ runs, waiting, paused }: Snapshot, nowMs: number): readonly string[] {
  if (runs.length === 0) return ["the queue is empty"];
  const byId = new Map(runs.map((run) => [run.id, run]));
  const painted = runs.filter(({ state }) => state.kind === "running");
  const next = waiting.flatMap((id) => byId.get(id) ?? []);
  const ended = runs.filter((run) => !painted.includes(run) && !next.includes(run));
  const rows = [...ended, ...painted, ...next].map((run) => [
    `${run.id}`,
    run.name,
    showSize(run.size),
    showState(run, nowMs),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => width(row[column]))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join("  "),
  );
  return paused ? [...lines, "the queue is paused; `frecas resume` goes on"] : lines;
}

const width = (text = ""): number => [...text].length;

/** One clause on where the run stands. */
export function showState({ state, pictures }: RunRecord, nowMs: number): string {
  switch (state.kind) {
    case "queued":
      return "waits";
    case "interrupted":
      return "was interrupted and waits";
    case "running": {
      const { progress, stopping } = state;
      const word = stopping ? "stops after" : "paints";
      if (progress === null) return `begins, ${showAgo(nowMs - state.startedMs)}`;
      return `${word} stage ${progress.stage + 1}, step ${progress.step + 1}/${progress.steps}, ${Math.floor((100 * progress.done) / progress.total)} %`;
    }
    case "done":
      return `done in ${showTook(state.seconds)}, ${pictures[0]?.path ?? "no picture"}${pictures.length > 1 ? ` and ${pictures.length - 1} more` : ""}`;
    case "failed":
      return `failed: ${state.message}`;
    case "cancelled":
      return "cancelled";
    default:
      return state satisfies never;
  }
}

/** Null: what it took before it was interrupted is not known. */
const showTook = (seconds: number | null): string =>
  seconds === null ? "several attempts" : `${seconds.toFixed(1)} s`;

function showAgo(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s so far`;
}
