// A run's checkpoint on disk: read before the run, replaced at each stage's end and every few seconds of slow steps.
// It can be lost or refuse to be written at any time; then less is saved, and nothing else changes.
import { readFile } from "node:fs/promises";
import { Failure } from "../base/failure.ts";
import { writeFileSafely } from "../base/write-file.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../pipeline/checkpoint.ts";
import type { RunContext } from "../pipeline/run-plan.ts";
import type { Plan } from "../plan/plan.ts";

/** Steps that come faster than this are not worth a file each. */
const leastMs = 10_000;

/** What the run needs of its file. `path` null: nothing is kept. */
export async function openCheckpointFile(
  path: string | null,
  plan: Plan,
  nowMs: () => number,
): Promise<Pick<RunContext, "from" | "keep">> {
  if (path === null) return {};
  let savedMs = nowMs();
  return {
    from: await readCheckpoint(path, plan),
    keep: async (checkpoint, at) => {
      if (at === "step" && nowMs() - savedMs < leastMs) return;
      await save(path, encodeCheckpoint(checkpoint(), plan));
      savedMs = nowMs();
    },
  };
}

async function readCheckpoint(path: string, plan: Plan): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && decodeCheckpoint(bytes, plan);
}

/** A disk without room for a checkpoint may still have room for the picture. */
async function save(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFileSafely(path, bytes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`engine: goes on without a checkpoint, ${error.message}`);
  }
}
