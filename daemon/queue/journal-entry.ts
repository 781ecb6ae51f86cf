// The lines of the journal: what happened to the queue, one JSON object each. Nothing else is kept of it.
import { z } from "zod";
import { keptStageSchema } from "../protocol/kept-stage.ts";
import { runEndSchema, runId } from "../protocol/run-record.ts";

/** Changes with the meaning of any line; lines of another version are set aside. */
export const JOURNAL_VERSION = 1;

const version = z.literal(JOURNAL_VERSION);
const atMs = z.number();
const run = { version, atMs, id: runId };

export const journalEntrySchema = z.discriminatedUnion("kind", [
  /**
   * Runs `id`, `id` + 1, …: all in one line, so that a submit is there as a whole or not at all. `plans` are checked
   * where they enter the daemon. `key` is the client's own name for the submit, so that a client that heard no answer
   * can ask again and gets no second run.
   */
  z.object({
    kind: z.literal("submitted"),
    ...run,
    plans: z.array(z.record(z.string(), z.unknown())),
    file: z.string().nullable(),
    key: z.string().nullable(),
  }),
  z.object({ kind: z.literal("started"), ...run }),
  z.object({
    kind: z.literal("painted"),
    ...run,
    prompt: z.number().int().nonnegative(),
    image: z.number().int().nonnegative(),
    path: z.string(),
  }),
  z.object({ kind: z.literal("stage-kept"), ...run, ...keptStageSchema.shape }),
  /** What was kept of its stages is gone, for newer runs needed the room. */
  z.object({ kind: z.literal("stages-dropped"), ...run }),
  /** Its process ended before it did. */
  z.object({ kind: z.literal("interrupted"), ...run, why: z.string() }),
  /** A cancel was asked for while it ran. */
  z.object({ kind: z.literal("stopping"), ...run }),
  z.object({ kind: z.literal("ended"), ...run, end: runEndSchema }),
  /** It waits again, behind all others. */
  z.object({ kind: z.literal("retried"), ...run }),
  z.object({ kind: z.literal("removed"), ...run }),
  /** It waits in front of the run `before`, or behind all others; in front of all where `before` does not wait. */
  z.object({ kind: z.literal("moved"), ...run, before: runId.nullable() }),
  z.object({ kind: z.literal("paused"), version, atMs, paused: z.boolean() }),
  /** Numbers below this one were given out; written when a shorter journal takes the place of a longer one. */
  z.object({ kind: z.literal("numbered"), version, atMs, next: runId }),
]);

export type JournalEntry = z.infer<typeof journalEntrySchema>;

type Stamped<T> = T extends JournalEntry ? Omit<T, "version" | "atMs"> : never;

/** An entry before its time is known. */
export type NewEntry = Stamped<JournalEntry>;
