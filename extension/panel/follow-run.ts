// What the page shows where somebody asks for one run of the recipe.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";
import { isActive } from "../runs/recipe-lenses.ts";
import { type Painters, picturesLeft } from "./painters.ts";

interface Followed {
  /** The picture to show; null: what is newest, and what comes. */
  readonly path: string | null;
  /** Why it is not the run's; "" where there is nothing to say. */
  readonly notice: string;
}

const newest: Followed = { path: null, notice: "" };

/** `runs` are the recipe's. One that goes on is followed, and so is the last one that has painted. */
export function followRun(
  runId: number | undefined,
  runs: readonly RunRecord[],
  painters: Painters,
): Followed {
  const run = runs.find(({ id }) => id === runId);
  const last = runs.findLast(({ pictures }) => pictures.length > 0);
  if (run === undefined || run === last || isActive(run) || run.pictures.length === 0)
    return newest;
  const path = picturesLeft(run, painters).at(-1);
  return path === undefined
    ? { path: null, notice: `Later runs have painted over the pictures of run ${run.id}.` }
    : { path, notice: "" };
}
