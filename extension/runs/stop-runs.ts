// Which runs a click on Stop ends.
import type { FeedSnapshot } from "../client/run-feed.ts";

/** Those of `ids` that have not ended, or the painted one where none are named. Those that wait come first, so that none begins meanwhile. */
export function runsToStop(
  { runs }: FeedSnapshot,
  ids: readonly number[] | undefined,
): readonly number[] {
  const waiting = runs.filter(
    ({ id, state }) =>
      ids?.includes(id) && (state.kind === "queued" || state.kind === "interrupted"),
  );
  const painted = runs.filter(
    ({ id, state }) => (ids === undefined || ids.includes(id)) && state.kind === "running",
  );
  return [...waiting, ...painted].map(({ id }) => id);
}
