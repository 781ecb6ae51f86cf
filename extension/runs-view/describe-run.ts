// One run in words for the tree: its label, what stands behind it, what hovering it says. Pure; no editor.
import { showSize } from "../../daemon/base/size.ts";
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { ordinal } from "../runs/ordinal.ts";
import { showDuration } from "../runs/show-duration.ts";

/** What a run looks like in the tree. */
export interface RunWords {
  readonly label: string;
  /** Behind the label, in a weaker colour. */
  readonly description: string;
  /** Lines of plain text. */
  readonly tooltip: readonly string[];
  /** A product icon's name. */
  readonly icon: string;
  /** The icon's theme colour, or null for the text's. */
  readonly colour: string | null;
  /** What menus go by: "run-" and a word. */
  readonly context: RunContext;
}

export type RunContext =
  | "run-painted"
  | "run-stopping"
  | "run-waiting"
  | "run-done"
  | "run-failed"
  | "run-cancelled";

/** What the words are made with. */
export interface Words {
  /** The day that it is: on another one, moments are said in other words. */
  readonly today: string;
  /** A moment as people say it here; `atMs` counts from 1970. */
  showTime(atMs: number): string;
  /** Of the run that is painted; null while that is not known. */
  secondsLeft(id: number): number | null;
  /** How much of its work is done, 0 to 1; null while that is not known. */
  shareDone(id: number): number | null;
}

/** A run that is painted or waits; `turn` is its place among those that wait, from 1, or null where it has none. */
export function describeQueued(run: RunRecord, turn: number | null, words: Words): RunWords {
  const place = turn === null ? "" : turn === 1 ? "next" : `${ordinal(turn)} in line`;
  return {
    label: run.name,
    description: dots(describeState(run, words), place, showSize(run.size)),
    tooltip: describeWhole(run, words),
    ...looksOf(run),
  };
}

/** A run that has ended, below its recipe's name: told by its time. */
export function describeEnded(run: RunRecord, words: Words): RunWords {
  return {
    label: words.showTime(endedMs(run)),
    description: dots(describeState(run, words), showSize(run.size), severalPictures(run)),
    tooltip: describeWhole(run, words),
    ...looksOf(run),
  };
}

/** When a run ended; when it was submitted where it has not. */
export function endedMs({ state, submittedMs }: RunRecord): number {
  return "endedMs" in state ? state.endedMs : submittedMs;
}

function describeState({ id, state, stages }: RunRecord, words: Words): string {
  switch (state.kind) {
    case "queued":
      return "";
    case "interrupted":
      return "interrupted, goes on";
    case "running": {
      const { progress, stopping } = state;
      if (stopping) return "stops after this step";
      if (progress === null) return "begins";
      const { stage, step, steps, done, total } = progress;
      const share = words.shareDone(id) ?? done / Math.max(1, total);
      const percent = `${Math.floor(100 * share)} %`;
      const left = words.secondsLeft(id);
      const place = dots(`stage ${stage + 1}/${stages.length}`, `step ${step + 1}/${steps}`);
      return dots(percent, place, left === null ? "" : `${showDuration(left)} left`);
    }
    case "done":
      return state.seconds === null ? "" : showDuration(state.seconds);
    case "failed":
      return "failed";
    case "cancelled":
      return "cancelled";
    default:
      return state satisfies never;
  }
}

/** All there is to know, a fact a line. */
function describeWhole(run: RunRecord, { showTime }: Words): readonly string[] {
  const { state, pictures } = run;
  return [
    `${run.name} · run ${run.id}`,
    ...(state.kind === "failed" ? [state.message] : []),
    ...(state.kind === "interrupted" ? [`Its engine ended: ${state.why}`] : []),
    "",
    `Model: ${run.model}`,
    `Stages: ${run.stages.map(({ size, steps }) => `${showSize(size)} (${steps} steps)`).join(" → ")}`,
    ...(run.file === null ? [] : [`Recipe: ${run.file}`]),
    `Submitted: ${showTime(run.submittedMs)}`,
    ...(state.kind === "running" ? [`Begun: ${showTime(state.startedMs)}`] : []),
    ...("endedMs" in state ? [`Ended: ${showTime(state.endedMs)}`] : []),
    ...(state.kind === "done"
      ? [
          `Took: ${state.seconds === null ? "several attempts" : showDuration(state.seconds)}, ${showMegabytes(state.peakBytes)} at most`,
        ]
      : []),
    ...pictures.map(({ path }) => `Picture: ${path}`),
  ];
}

function looksOf({ state }: RunRecord): Pick<RunWords, "icon" | "colour" | "context"> {
  switch (state.kind) {
    case "queued":
      return { icon: "watch", colour: null, context: "run-waiting" };
    case "interrupted":
      return { icon: "debug-restart", colour: null, context: "run-waiting" };
    case "running":
      return {
        icon: "loading~spin",
        colour: "charts.blue",
        context: state.stopping ? "run-stopping" : "run-painted",
      };
    case "done":
      return { icon: "pass", colour: "testing.iconPassed", context: "run-done" };
    case "failed":
      return { icon: "error", colour: "testing.iconFailed", context: "run-failed" };
    case "cancelled":
      return { icon: "circle-slash", colour: null, context: "run-cancelled" };
    default:
      return state satisfies never;
  }
}

function severalPictures({ pictures }: RunRecord): string {
  return pictures.length > 1 ? `${pictures.length} pictures` : "";
}

const dots = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join(" · ");

const showMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
