// What a run's record says of its plan. The plan was checked when it was submitted, perhaps by an older version of
// this program, so only these fields are read, and each may be missing.
import { z } from "zod";
import type { RunRecord } from "../protocol/run-record.ts";

const size = z.object({ width: z.number(), height: z.number() });

const schema = z.object({
  name: z.string(),
  model: z.object({ name: z.string() }),
  stages: z.array(z.object({ size, steps: z.array(z.unknown()) })),
});

type Description = Pick<RunRecord, "name" | "model" | "size" | "stages">;

/** Never throws; a plan of another form is described as one of no stages. */
export function describePlan(plan: unknown): Description {
  const { data } = schema.safeParse(plan);
  const stages = data?.stages.map(({ size, steps }) => ({ size, steps: steps.length })) ?? [];
  return {
    name: data?.name ?? "?",
    model: data?.model.name ?? "?",
    size: stages.at(-1)?.size ?? { width: 0, height: 0 },
    stages,
  };
}
