// The page's sentences: pure functions of what is shown.
import type { ShownPicture, ShownWork } from "../../panel/messages.ts";
import { fileName } from "./sources.ts";

/** "9 s", "3 min", "1 h 20 min"; tenths below ten seconds. */
export function showSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}

/** What the line above the picture says of the work; "" where there is none. */
export function workWords(work: ShownWork): string {
  switch (work.kind) {
    case "idle":
      return "";
    case "waiting":
      return waitingWords(work);
    case "running":
      return runningWords(work);
    case "lost":
      return "The daemon has ended";
    case "failed":
      return work.message;
    case "cancelled":
      return "The last run was stopped before its end.";
    default:
      return work satisfies never;
  }
}

type Waiting = Extract<ShownWork, { readonly kind: "waiting" }>;

function waitingWords({ before, isPaused }: Waiting): string {
  if (isPaused) return "Waiting: the queue is paused.";
  if (before === 0) return "Waiting: its turn is next.";
  return `Waiting: ${before} ${before === 1 ? "run comes" : "runs come"} first.`;
}

type Running = Extract<ShownWork, { readonly kind: "running" }>;

function runningWords({ place, stages, secondsLeft, isStopping }: Running): string {
  if (isStopping) return "Stopping after the present step";
  if (place === null) return "Opening the model";
  const left = secondsLeft === null ? [] : [`${showLeft(secondsLeft)} left`];
  const words = [
    `Stage ${place.stage + 1} of ${stages.length}`,
    `step ${place.step + 1} of ${place.steps}`,
  ];
  return [...words, ...left].join(" · ");
}

/** Whole seconds, one at least: an estimate has no tenths. */
function showLeft(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 60 ? `${whole} s` : showSeconds(whole);
}

/** What a screen reader is told while a run goes on; the same words until there is something new to say. */
export function spokenWords(work: ShownWork): string {
  if (work.kind !== "running" || work.place === null || work.isStopping) return workWords(work);
  const quarter = Math.floor(work.place.share * 4) * 25;
  return `Stage ${work.place.stage + 1} of ${work.stages.length}, ${quarter} percent done`;
}

/** What a screen reader is told of the pictures of a run that has ended, the newest first; "" before they are there. */
export function paintedWords(pictures: readonly ShownPicture[]): string {
  const [newest] = pictures;
  if (newest === undefined) return "";
  const done =
    pictures.length === 1 ? "The picture is painted" : `${pictures.length} pictures are painted`;
  return `${done}: ${spokenPicture(newest)}.`;
}

/** A picture's facts in one line. */
export function factsOf({ path, width, height, seed, seconds }: ShownPicture): string {
  const facts = [fileName(path), `${width} × ${height}`];
  const more = [
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(seconds === null ? [] : [`painted in ${showSeconds(seconds)}`]),
  ];
  return [...facts, ...more].join(" · ");
}

/** The lines below a picture in the gallery. `nowMs` decides how its day is written. */
export function captionOf(
  { width, height, seed, seconds, atMs }: ShownPicture,
  nowMs: number,
): readonly string[] {
  const took = seconds === null ? [] : [showSeconds(seconds)];
  return [
    seed === null ? "" : `Seed ${seed}`,
    `${width} × ${height}`,
    [showMoment(atMs, nowMs), ...took].join(" · "),
  ].filter((line) => line !== "");
}

/** The time of today, the day of before, with the year where it is another. */
function showMoment(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const now = new Date(nowMs);
  if (at.toDateString() === now.toDateString())
    return at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return at.toLocaleDateString(undefined, { day: "numeric", month: "short", ...year });
}

/** A picture's name for who cannot see it. */
export function spokenPicture({ path, recipe, width, height, seed }: ShownPicture): string {
  const facts = [`${width} by ${height} pixels`, ...(seed === null ? [] : [`seed ${seed}`])];
  return `${fileName(path)} of ${recipe}, ${facts.join(", ")}`;
}
