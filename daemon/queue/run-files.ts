// The files that runs have beside the journal: a checkpoint to go on from, and a folder of what is kept of their stages.
// They can be gone at any time, and nothing here ever fails for a disk.
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { sweepTemporaries } from "../base/write-file.ts";
import type { RunPlaces } from "../protocol/run-attempt.ts";
import type { RunRecord } from "../protocol/run-record.ts";

export interface RunFiles {
  places(id: number): RunPlaces;
  dropCheckpoint(id: number): Promise<void>;
  /** All that the run has. */
  drop(id: number): Promise<void>;
  /** Takes away what processes that were killed have left half written, and what belongs to no run of these. */
  sweep(runs: readonly RunRecord[]): Promise<void>;
  /**
   * Takes away what is kept of the oldest runs' stages where it is too much. Their numbers, and those of runs whose folder is
   * gone for another reason.
   */
  trimTraces(runs: readonly RunRecord[]): Promise<readonly number[]>;
}

/** What is kept of stages at most, of all runs together. */
export interface TraceLimits {
  readonly runs: number;
  readonly bytes: number;
}

/** `folder` is the daemon's. */
export function runFiles(
  folder: string,
  limits: TraceLimits = { runs: 100, bytes: 2 ** 30 },
): RunFiles {
  const checkpoints = join(folder, "checkpoints");
  const traces = join(folder, "traces");
  const places = (id: number): RunPlaces => ({
    checkpoint: join(checkpoints, `${id}.safetensors`),
    trace: join(traces, `${id}`),
  });
  const dropCheckpoint = (id: number): Promise<void> => remove(places(id).checkpoint);
  const dropTrace = (id: number): Promise<void> => remove(places(id).trace);
  return {
    places,
    dropCheckpoint,
    drop: async (id) => {
      await dropCheckpoint(id);
      await dropTrace(id);
    },
    sweep: async (runs) => {
      for (const place of [folder, checkpoints])
        await sweepTemporaries(place, (pid) => pid === process.pid);
      const needed = runs.filter(({ state }) => mayGoOn(state)).map(({ id }) => id);
      await keepOnly(
        checkpoints,
        needed.map((id) => basename(places(id).checkpoint)),
      );
      await keepOnly(
        traces,
        runs.map(({ id }) => `${id}`),
      );
    },
    trimTraces: async (runs) => {
      const dropped: number[] = [];
      let [left, room] = [limits.runs, limits.bytes];
      for (const { id } of runs.filter(({ keptStages }) => keptStages.length > 0).reverse()) {
        const bytes = await bytesOf(places(id).trace);
        [left, room] = [left - 1, room - bytes];
        if (bytes > 0 && left >= 0 && room >= 0) continue;
        await dropTrace(id);
        dropped.push(id);
      }
      return dropped;
    },
  };
}

/** Whether it may be begun again, from its checkpoint where its plan is the same. */
const mayGoOn = ({ kind }: RunRecord["state"]): boolean =>
  kind === "queued" || kind === "interrupted" || kind === "failed";

async function keepOnly(folder: string, names: readonly string[]): Promise<void> {
  const known = new Set(names);
  for (const name of await readdir(folder).catch(() => []))
    if (!known.has(name)) await remove(join(folder, name));
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
}

/** Of the files in a folder; 0 where it is not there. */
async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
