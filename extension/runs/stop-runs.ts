// Which runs Stop ends. Pure.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import type { FeedSnapshot } from "../client/run-feed.ts";
import { isActive } from "./recipe-lenses.ts";

/** What Stop was called on. */
export type StopPlace =
  /** Of a lens, or the status bar: these runs and no others. */
  | { readonly kind: "runs"; readonly ids: readonly number[] }
  /** The cursor is in a recipe, which has these runs. */
  | { readonly kind: "recipe"; readonly ids: readonly number[] }
  | { readonly kind: "elsewhere" };

export type Stopping =
  | { readonly kind: "stop"; readonly ids: readonly number[] }
  /** Another recipe's run, maybe another window's: not without a question. */
  | { readonly kind: "ask"; readonly run: RunRecord }
  | { readonly kind: "nothing"; readonly why: string };

/** Runs that wait come first, so that none begins meanwhile. */
export function planStop(feed: FeedSnapshot, place: StopPlace): Stopping {
  // To ask for it would start a daemon, which paints.
  if (feed.link === "lost")
    return { kind: "nothing", why: "The daemon has ended, so nothing is painted now." };
  const painted = feed.runs.filter(({ state }) => state.kind === "running");
  const waits = feed.runs.filter((run) => isActive(run) && !painted.includes(run));
  if (place.kind !== "elsewhere") {
    const ids = [...waits, ...painted].map(({ id }) => id).filter((id) => place.ids.includes(id));
    if (ids.length > 0) return { kind: "stop", ids };
    if (place.kind === "runs") return { kind: "nothing", why: "It has ended already." };
  }
  const run = painted[0] ?? waits.find(({ id }) => id === feed.waiting[0]) ?? waits[0];
  if (run === undefined) return { kind: "nothing", why: "No run is painted or waits." };
  return place.kind === "recipe" ? { kind: "ask", run } : { kind: "stop", ids: [run.id] };
}
