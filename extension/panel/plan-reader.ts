// The plans of runs, asked of the daemon once each: a run's plan never changes.
import type { Plan } from "../../daemon/plan/plan.ts";
import type { RunFeed } from "../client/run-feed.ts";

export interface PlanReader {
  /** What is known by now; what is not is asked for, and `onRead` is called when it is there. */
  read(ids: readonly number[]): ReadonlyMap<number, Plan>;
}

export function openPlanReader(feed: Pick<RunFeed, "ask">, onRead: () => void): PlanReader {
  const known = new Map<number, Plan>();
  const asked = new Set<number>();
  const request = async (id: number): Promise<void> => {
    try {
      const { plan } = await feed.ask("get", { id });
      // Plans of the daemon are its own.
      known.set(id, plan as unknown as Plan);
      onRead();
    } catch {
      // The run is gone, or the daemon: where both come back it is asked for once more.
      asked.delete(id);
    }
  };
  return {
    read: (ids) => {
      for (const id of ids) {
        if (known.has(id) || asked.has(id)) continue;
        asked.add(id);
        void request(id);
      }
      return known;
    },
  };
}
