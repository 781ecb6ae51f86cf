// What the queue tells everybody who subscribed: numbered, so that a client that comes back misses nothing.
import { z } from "zod";
import { runEventSchema } from "./run-event.ts";
import { runId, runRecordSchema } from "./run-record.ts";

export const queueEventSchema = z
  .discriminatedUnion("kind", [
    z
      .object({ kind: z.literal("added"), run: runRecordSchema })
      .describe("A new run, which waits behind all others."),
    z
      .object({ kind: z.literal("changed"), run: runRecordSchema })
      .describe("The run's state or its pictures are others now."),
    z.object({ kind: z.literal("removed"), id: runId }),
    z
      .object({ kind: z.literal("ordered"), ids: z.array(runId) })
      .describe("Runs that wait, first comes first."),
    z.object({ kind: z.literal("paused"), paused: z.boolean() }),
    z
      .object({ kind: z.literal("progress"), id: runId, atMs: z.number(), event: runEventSchema })
      .describe("Something happened inside a run; `atMs` counts from its engine's start."),
  ])
  .meta({ id: "QueueEvent", description: "What changed in the queue." });

export type QueueEvent = z.infer<typeof queueEventSchema>;

export const eventPlaceSchema = z
  .object({
    epoch: z.string().max(100).describe("Another one after each start of the daemon."),
    number: z.number().int().nonnegative().describe("Counts up from 1 in its epoch; 0 before all."),
  })
  .meta({ id: "EventPlace", description: "A place in the events." });

export type EventPlace = z.infer<typeof eventPlaceSchema>;

export const snapshotSchema = z
  .object({
    place: eventPlaceSchema.describe("Of the last event in it."),
    paused: z.boolean(),
    runs: z.array(runRecordSchema).describe("In the order that they were submitted in."),
    waiting: z.array(runId).describe("Runs that wait, first comes first."),
  })
  .meta({ id: "Snapshot", description: "Everything that the events up to `place` add up to." });

export type Snapshot = z.infer<typeof snapshotSchema>;
