// Runs that are done → a comparison: reads their pictures and measures them.
import { readFileSync } from "node:fs";
import type { Compared, Comparison } from "../compare/comparison.ts";
import {
  type MeasuredAgainst,
  measurePictures,
  measureSmall,
} from "../compare/measure-pictures.ts";
import type { Picture } from "../image/picture.ts";
import { decodePicture } from "../image/read-picture.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunFacts } from "./run-plans.ts";

interface DoneRun {
  readonly label: string;
  readonly plan: Plan;
  readonly small: Plan | null;
  readonly facts: RunFacts;
}

/** `runs` has one at least. Throws what reading a picture throws. */
export function measureRuns(
  runs: readonly DoneRun[],
  { measures }: { readonly measures: boolean },
): Omit<Comparison, "name" | "leftOut" | "memory"> {
  const [{ plan }] = runs as readonly [DoneRun, ...DoneRun[]];
  const smalls = smallPlans(runs);
  const compared = runs.map((run) =>
    measureRun(
      run,
      measures
        ? { firstStage: firstStageOf(run), small: run.small && picturesOf(run.small) }
        : null,
    ),
  );
  return {
    model: plan.model.name,
    prompts: plan.prompts.map(({ text }) => text),
    seed: plan.prompts[0]?.seed ?? 0,
    compared,
    baseline: Math.max(
      0,
      runs.findIndex(({ label }) => label === "frecas"),
    ),
    small:
      smalls[0] === undefined
        ? null
        : {
            size: sizeOf(smalls[0]),
            pictures: smalls.flatMap(pathsOf),
            measures: measureSmall(smalls.flatMap(picturesOf)),
          },
  };
}

/** Each once, in the order of the rows that are measured against them. */
export const smallPlans = (rows: readonly Pick<DoneRun, "small">[]): readonly Plan[] => [
  ...new Set(rows.flatMap(({ small }) => small ?? [])),
];

function measureRun(
  { label, plan, small, facts }: DoneRun,
  against: MeasuredAgainst | null,
): Compared {
  const { cost, prompts } = plan;
  return {
    label,
    size: sizeOf(plan),
    painted: {
      steps: plan.stages.map(({ steps }) => steps.length),
      guidance: plan.guidance,
      negative: plan.negative,
    },
    pictures: pathsOf(plan),
    small: small && pathsOf(small),
    networkCalls: cost.networkCalls * prompts.length,
    networkFlops: cost.denoiserByStage.reduce((sum, flops) => sum + flops, 0) * prompts.length,
    totalFlops: cost.total * prompts.length,
    seconds: facts.paintingSeconds,
    peakBytes: facts.peakBytes,
    measures: measurePictures(picturesOf(plan), against),
  };
}

const sizeOf = ({ stages }: Plan): Compared["size"] =>
  (stages.at(-1) as Plan["stages"][number]).size;

const pathsOf = ({ prompts }: Plan): readonly string[] => prompts.flatMap(({ outputs }) => outputs);

const picturesOf = (plan: Plan): readonly Picture[] => pathsOf(plan).map(readPicture);

/** In the order of the pictures; null where the method has one stage, or what was kept of it is gone. */
function firstStageOf({ plan, facts }: DoneRun): readonly Picture[] | null {
  if (plan.stages.length === 1 || plan.init !== null) return null;
  const paths = plan.prompts.flatMap(
    ({ index }) =>
      facts.stages.find(({ prompt, stage }) => prompt === index && stage === 0)?.pictures ?? [],
  );
  if (paths.length !== plan.prompts.length * plan.images) return null;
  try {
    return paths.map(readPicture);
  } catch {
    return null;
  }
}

function readPicture(path: string): Picture {
  return decodePicture(readFileSync(path), path);
}
