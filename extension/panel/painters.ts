// Which run painted a file last: runs of a recipe write over each other's pictures, and recipes of two files may paint into
// one folder.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";

/** By the pictures' paths. */
export type Painters = ReadonlyMap<string, RunRecord>;

/** `runs` are all that are known, whatever recipe they are of. */
export function paintersOf(runs: readonly RunRecord[]): Painters {
  const painters = new Map<string, RunRecord>();
  const times = new Map<string, number>();
  for (const run of runs)
    for (const { path, atMs } of run.pictures) {
      if (atMs < (times.get(path) ?? Number.NEGATIVE_INFINITY)) continue;
      painters.set(path, run);
      times.set(path, atMs);
    }
  return painters;
}

/** What a run has painted and no other one has painted over, in its order. */
export function picturesLeft({ id, pictures }: RunRecord, painters: Painters): readonly string[] {
  return pictures.flatMap(({ path }) => (painters.get(path)?.id === id ? [path] : []));
}
