// A run as everybody outside the queue sees it: what it paints, how far it is, how it ended.
import { z } from "zod";
import { failureCodes } from "../base/failure.ts";

const count = z.number().int().nonnegative();

/** How far a run is. Indices from 0; `done` and `total` count steps over the whole run. */
const progressSchema = z.object({
  prompt: count,
  stage: count,
  step: count,
  steps: count,
  done: count,
  total: count,
});

export type Progress = z.infer<typeof progressSchema>;

/** How a run ends for good. `peakBytes` is the most memory that its engine has held. */
export const runEndSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done"), seconds: z.number(), peakBytes: z.number() }),
  z.object({ kind: z.literal("failed"), code: z.enum(failureCodes), message: z.string() }),
  z.object({ kind: z.literal("cancelled") }),
]);

export type RunEnd = z.infer<typeof runEndSchema>;

/** Times are milliseconds since 1970. */
const runStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("queued") }),
  z.object({
    kind: z.literal("running"),
    startedMs: z.number(),
    progress: progressSchema.nullable(),
    /** A cancel was asked for; the run ends after its present step. */
    stopping: z.boolean(),
  }),
  /** Its process ended before it did; it goes on from its last checkpoint when its turn comes. */
  z.object({ kind: z.literal("interrupted"), why: z.string() }),
  z.object({
    kind: z.literal("done"),
    endedMs: z.number(),
    seconds: z.number(),
    peakBytes: z.number(),
  }),
  z.object({
    kind: z.literal("failed"),
    endedMs: z.number(),
    code: z.enum(failureCodes),
    message: z.string(),
  }),
  z.object({ kind: z.literal("cancelled"), endedMs: z.number() }),
]);

export type RunState = z.infer<typeof runStateSchema>;

const size = z.object({ width: count, height: count });

/** Numbers of runs count up from 1 and are never used again. */
export const runId = z.number().int().positive();

export const runRecordSchema = z.object({
  id: runId,
  /** The recipe's name, and what it calls its model. */
  name: z.string(),
  model: z.string(),
  size,
  stages: z.array(z.object({ size, steps: count })),
  /** File that the recipe is in, or null where it came from none. */
  file: z.string().nullable(),
  submittedMs: z.number(),
  state: runStateSchema,
  /** On disk by now, in the order that they were painted in. */
  pictures: z.array(z.object({ prompt: count, image: count, path: z.string() })),
});

export type RunRecord = z.infer<typeof runRecordSchema>;
