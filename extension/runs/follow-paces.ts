// The pace of each run that is painted, from the feed's events.
import type { Plan } from "../../daemon/plan/plan.ts";
import type { RunFeed } from "../client/run-feed.ts";
import { guessedWork, hearStep, type Pace, plannedWork, type StageWork } from "./pace.ts";

export interface Paces {
  /** Of a run that is painted, once a step of it has ended. */
  of(id: number): Pace | undefined;
  dispose(): void;
}

/** `nowMs` is asked as each event comes. */
export function followPaces(feed: RunFeed, nowMs: () => number): Paces {
  const paces = new Map<number, Pace>();
  /** What plans say, as far as they are known. */
  const works = new Map<number, readonly StageWork[]>();
  const asked = new Set<number>();
  const forget = (id: number): void => {
    paces.delete(id);
    works.delete(id);
    asked.delete(id);
  };
  const askOnce = async (id: number): Promise<void> => {
    if (asked.has(id)) return;
    asked.add(id);
    const planned = await askWork(feed, id);
    // The run may have ended meanwhile.
    if (!asked.delete(id) || planned === undefined) return;
    works.set(id, planned);
    // Steps that came meanwhile were counted in pixels.
    paces.delete(id);
  };
  const workOf = (id: number): readonly StageWork[] | undefined => {
    const known = works.get(id);
    if (known !== undefined) return known;
    const run = feed.snapshot().runs.find((one) => one.id === id);
    if (run === undefined) return undefined;
    void askOnce(id);
    return guessedWork(run);
  };
  const listening = feed.onChange((change) => {
    // A gap between two steps during which nobody painted is no pace.
    if (change.kind === "link" && feed.snapshot().link !== "up") paces.clear();
    if (change.kind === "run") {
      const run = feed.snapshot().runs.find(({ id }) => id === change.id);
      if (run?.state.kind !== "running") forget(change.id);
      else workOf(change.id);
    }
    if (change.kind !== "progress" || change.event.kind !== "step") return;
    const work = workOf(change.id);
    if (work === undefined) return;
    const { prompt, stage, step, steps, done, total } = change.event;
    const progress = { prompt, stage, step, steps, done, total };
    paces.set(change.id, hearStep(paces.get(change.id), work, { progress, atMs: nowMs() }));
  });
  return { of: (id) => paces.get(id), dispose: () => listening.dispose() };
}

/** Undefined where the daemon is gone meanwhile. */
async function askWork(feed: RunFeed, id: number): Promise<readonly StageWork[] | undefined> {
  // A request would start a daemon where none is up.
  if (feed.snapshot().link !== "up") return undefined;
  const answer = await feed.ask("get", { id }).catch(() => undefined);
  // The daemon checked it when it was submitted.
  return answer && plannedWork(answer.plan as unknown as Plan);
}
