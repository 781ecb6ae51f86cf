// Which run painted a file last: runs of a recipe write over each other's pictures, and recipes of two files may paint into
// one folder.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";

/** By the pictures' paths. */
export type Painters = ReadonlyMap<string, RunRecord>;

/** `runs` are all that are known, whatever recipe they are of. */
export function paintersOf(runs: readonly RunRecord[]): Painters {
  const painters = new Map<string, RunRecord>();
  for (const run of runs)
    for (const { path } of run.pictures) {
      const known = painters.get(path);
      if (known === undefined || endOf(run) >= endOf(known)) painters.set(path, run);
    }
  return painters;
}

/** Runs are painted one after the other; one that has not ended is later than all that have. */
const endOf = ({ state }: RunRecord): number =>
  "endedMs" in state ? state.endedMs : Number.POSITIVE_INFINITY;

/** What a run has painted and no other one has painted over, in its order. */
export function picturesLeft({ id, pictures }: RunRecord, painters: Painters): readonly string[] {
  return pictures.flatMap(({ path }) => (painters.get(path)?.id === id ? [path] : []));
}
