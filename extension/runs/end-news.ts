// Which ends of runs are told in a notification, and how: a pure function of what has ended. Many ends at once make
// one notification.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import type { NotificationSetting } from "../settings.ts";

export interface EndFacts {
  /** Runs that have ended since the last notification, in the order of their ends. */
  readonly ended: readonly RunRecord[];
  /** Whether more of the same are still waiting or painted. */
  readonly isBusy: boolean;
  readonly isFocused: boolean;
  readonly setting: NotificationSetting;
}

export type EndNews =
  /** Nothing to tell, now or later. */
  | { readonly kind: "none" }
  /** To be told together with what ends next. */
  | { readonly kind: "later" }
  | { readonly kind: "done"; readonly text: string; readonly run: RunRecord }
  | { readonly kind: "failed"; readonly text: string; readonly run: RunRecord };

/** Failures at once, pictures when the last of them is done; what was cancelled was asked for. */
export function endNews({ ended, isBusy, isFocused, setting }: EndFacts): EndNews {
  if (setting === "never") return { kind: "none" };
  const failed = ended.filter(({ state }) => state.kind === "failed");
  const [first] = failed;
  if (first !== undefined)
    return { kind: "failed", run: first, text: failedWords(first, failed.length - 1) };
  const done = ended.filter(({ state }) => state.kind === "done");
  const last = done.at(-1);
  if (last === undefined || (isFocused && setting === "unfocused")) return { kind: "none" };
  if (isBusy) return { kind: "later" };
  return { kind: "done", run: last, text: doneWords(last, done) };
}

function failedWords({ name, state }: RunRecord, others: number): string {
  const message = state.kind === "failed" ? state.message : "";
  return `${name} failed: ${message}${others > 0 ? ` (${others} more failed)` : ""}`;
}

function doneWords({ name }: RunRecord, done: readonly RunRecord[]): string {
  return done.length === 1
    ? `${name} is painted.`
    : `${name} and ${done.length - 1} more are painted.`;
}
