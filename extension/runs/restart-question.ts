// What somebody should know before the daemon is restarted.
import type { FeedSnapshot } from "../client/run-feed.ts";

/** Undefined where no run is disturbed, so that there is nothing to ask. */
export function restartQuestion({ link, runs }: FeedSnapshot): string | undefined {
  const painted = runs.find(({ state }) => state.kind === "running");
  if (link === "up")
    return painted === undefined
      ? undefined
      : `${painted.name} is being painted. It goes on from its last checkpoint afterwards, and what waits goes on too.`;
  // One of another protocol does not say what it does.
  return "It may be painting. A run that is painted goes on from its last checkpoint afterwards, and what waits goes on too.";
}
