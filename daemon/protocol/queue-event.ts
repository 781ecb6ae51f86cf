// What the queue tells everybody who subscribed: numbered, so that a client that comes back misses nothing.
import { z } from "zod";
import { runEventSchema } from "./run-event.ts";
import { runId, runRecordSchema } from "./run-record.ts";

export const queueEventSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("added"), run: runRecordSchema }),
  /** The run's state or its pictures are others now. */
  z.object({ kind: z.literal("changed"), run: runRecordSchema }),
  z.object({ kind: z.literal("removed"), id: runId }),
  /** Runs that wait, first comes first. */
  z.object({ kind: z.literal("ordered"), ids: z.array(runId) }),
  z.object({ kind: z.literal("paused"), paused: z.boolean() }),
  /** Something happened inside a run; `atMs` counts from its engine's start. */
  z.object({ kind: z.literal("progress"), id: runId, atMs: z.number(), event: runEventSchema }),
]);

export type QueueEvent = z.infer<typeof queueEventSchema>;

/** A place in the events: `epoch` changes with each start of the daemon, `number` counts up from 1 in it. */
export const eventPlaceSchema = z.object({
  epoch: z.string().max(100),
  number: z.number().int().nonnegative(),
});

export type EventPlace = z.infer<typeof eventPlaceSchema>;

/** Everything that the events before `place` add up to. */
export const snapshotSchema = z.object({
  place: eventPlaceSchema,
  paused: z.boolean(),
  /** In the order that they were submitted in. */
  runs: z.array(runRecordSchema),
  /** Runs that wait, first comes first. */
  waiting: z.array(runId),
});

export type Snapshot = z.infer<typeof snapshotSchema>;
