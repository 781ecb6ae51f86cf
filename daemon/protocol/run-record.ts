// A run as everybody outside the queue sees it: what it paints, how far it is, how it ended.
import { z } from "zod";
import { failureCodes } from "../base/failure.ts";
import { keptStageSchema } from "./kept-stage.ts";

const count = z.number().int().nonnegative();

const failureCode = z
  .enum(failureCodes)
  .meta({ id: "FailureCode", description: "A failure's stable name." });

const progressSchema = z
  .object({
    prompt: count,
    stage: count,
    step: count,
    steps: count,
    done: count,
    total: count,
  })
  .meta({
    id: "Progress",
    description:
      "How far a run is. Indices from 0; `steps` of this stage, `done` and `total` count steps over the whole run.",
  });

export type Progress = z.infer<typeof progressSchema>;

/** How a run ends for good. `peakBytes` is the most memory that its engine has held. */
export const runEndSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done"), seconds: z.number().nullable(), peakBytes: z.number() }),
  z.object({ kind: z.literal("failed"), code: failureCode, message: z.string() }),
  z.object({ kind: z.literal("cancelled") }),
]);

export type RunEnd = z.infer<typeof runEndSchema>;

const runStateSchema = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("queued") }),
    z.object({
      kind: z.literal("running"),
      startedMs: z.number(),
      progress: progressSchema.nullable(),
      stopping: z
        .boolean()
        .describe("A cancel was asked for; the run ends after its present step."),
    }),
    z
      .object({ kind: z.literal("interrupted"), why: z.string() })
      .describe(
        "Its process ended before it did; it goes on from its last checkpoint when its turn comes.",
      ),
    z.object({
      kind: z.literal("done"),
      endedMs: z.number(),
      seconds: z
        .number()
        .nullable()
        .describe(
          "That it was painted for, or null where it went on from a checkpoint: what it took before is not known.",
        ),
      peakBytes: z.number().describe("The most memory that its engine has held."),
    }),
    z.object({
      kind: z.literal("failed"),
      endedMs: z.number(),
      code: failureCode,
      message: z.string().describe("For people."),
    }),
    z.object({ kind: z.literal("cancelled"), endedMs: z.number() }),
  ])
  .meta({ id: "RunState", description: "Times are milliseconds since 1970." });

export type RunState = z.infer<typeof runStateSchema>;

const size = z
  .object({ width: count, height: count })
  .meta({ id: "Size", description: "In pixels." });

export const runId = z.number().int().positive().meta({
  id: "RunId",
  description: "A run's number. Numbers count up from 1 and are never used again.",
});

export const runRecordSchema = z
  .object({
    id: runId,
    name: z.string().describe("The recipe's."),
    model: z.string().describe("What the recipe calls its model."),
    size,
    stages: z.array(z.object({ size, steps: count })),
    file: z
      .string()
      .nullable()
      .describe(
        "Absolute path of the file that the recipe is in, or null where it came from none.",
      ),
    submittedMs: z.number().describe("Milliseconds since 1970."),
    state: runStateSchema,
    pictures: z
      .array(z.object({ prompt: count, image: count, path: z.string(), atMs: z.number() }))
      .describe(
        "On disk by now, in the order that they were first painted in; `atMs` is when they were painted last. Of several runs' pictures under one path the newest is there.",
      ),
    keptStages: z.array(keptStageSchema).describe("In the order that they ended in."),
  })
  .meta({ id: "RunRecord", description: "What a run paints, how far it is, how it ended." });

export type RunRecord = z.infer<typeof runRecordSchema>;
