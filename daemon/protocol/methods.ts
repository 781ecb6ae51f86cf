// What clients may ask of the daemon: JSON-RPC 2.0 in frames of the Language Server Protocol over a local socket.
// One table of schemas: the daemon checks by it, clients get their types from it, docs/protocol.md is printed from it.
import { z } from "zod";
import { doctorReportSchema } from "./engine-message.ts";
import { runPreviewSchema } from "./preview.ts";
import { eventPlaceSchema, queueEventSchema, snapshotSchema } from "./queue-event.ts";
import { runId, runRecordSchema } from "./run-record.ts";

/** Changes with every change of a message's form or meaning. Another version is refused in the handshake. */
export const DAEMON_PROTOCOL = 4;

/** Bytes of one message; a longer one ends the connection. */
export const mostMessageBytes = 8 * 2 ** 20;

/** Bytes of a message's header, its empty line included. */
export const mostHeaderBytes = 512;

/** How long a client may stay silent before its handshake, and a daemon before its answer. */
export const handshakeMs = 5000;

/** The error code of a request that was understood and failed. Application errors of JSON-RPC begin below the reserved ones. */
export const failedRequest = -31_000;

const nothing = z.strictObject({});
const oneRun = z.strictObject({ id: runId });
const plan = z.record(z.string(), z.unknown()).meta({
  id: "Plan",
  description:
    "A plan, as `frecas plan --json` prints it: everything that a run does is decided in it.",
});

const recipe = z
  .strictObject({
    text: z.string().describe("The text of a recipe file."),
    file: z
      .string()
      .describe(
        "The file's absolute path, whose folder relative paths in it start at, whether or not there is such a file.",
      ),
    name: z
      .string()
      .nullable()
      .describe("One recipe of the file, or a sweep's or a comparison's name; null for all."),
    changes: z
      .record(z.string(), z.string())
      .describe("Keys to change in every recipe, as `--set` does."),
    unsaved: z
      .record(z.string(), z.string())
      .exactOptional()
      .describe(
        "Texts of other files that it may read, by absolute path, in the place of what lies on the disk: recipes that are open in an editor and not saved.",
      ),
  })
  .meta({ id: "Recipe", description: "Recipes as a client has them." });

/** A request's parameters, its result, and a sentence on what it does. */
interface Method {
  readonly does: string;
  readonly params: z.ZodObject;
  readonly result: z.ZodType;
}

export const methods = {
  handshake: {
    does: "Comes first on every connection; with another token, or anything else first, the connection ends. `token` is the content of the daemon's file `token`, `client` a word for who asks.",
    params: z.strictObject({
      protocol: z.number(),
      token: z.string(),
      client: z.string().max(100),
    }),
    result: z.object({ protocol: z.number(), version: z.string(), pid: z.number() }),
  },
  submit: {
    does: "Puts runs behind those that wait; each is answered with its number once the disk has it. The same `key` again gives the numbers of the first time, so that a client that heard no answer can ask again.",
    params: z.strictObject({
      what: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("recipe"), recipe }),
        z.strictObject({
          kind: z.literal("plans"),
          plans: z.array(plan).min(1).max(1000),
          file: z.string().nullable(),
        }),
      ]),
      key: z.string().min(8).max(100).nullable(),
    }),
    result: z.object({ ids: z.array(runId), warnings: z.array(z.string()) }),
  },
  plan: {
    does: "What a recipe would do, without doing it.",
    params: z.strictObject({ recipe }),
    result: z.object({ plans: z.array(plan), warnings: z.array(z.string()) }),
  },
  planMethods: {
    does: "What one recipe would do by each method, on one seed, without doing it. `leftOut` says why other methods do not fit.",
    params: z.strictObject({ recipe }),
    result: z.object({
      plans: z.array(plan),
      leftOut: z.array(z.object({ method: z.string(), why: z.string() })),
      warnings: z.array(z.string()),
    }),
  },
  list: { does: "All runs and their order.", params: nothing, result: snapshotSchema },
  get: {
    does: "One run with its plan.",
    params: oneRun,
    result: z.object({ run: runRecordSchema, plan }),
  },
  subscribe: {
    does: "From now on `event` notifications come, one an event, beginning after `after`; where those events are forgotten, or `after` is null, a `snapshot` notification comes first. A client that reads slowly gets a snapshot in the place of what it missed. Asked once more, it takes the place of the one before.",
    params: z.strictObject({
      after: eventPlaceSchema.nullable(),
      previews: z.boolean().describe("Whether `preview` notifications come too."),
    }),
    result: nothing,
  },
  cancel: {
    does: "Ends a run: at once where it waits, after the present step where it is painted, and at once when asked a second time.",
    params: oneRun,
    result: nothing,
  },
  pause: {
    does: "While the queue is paused no run begins; the one that is painted goes on.",
    params: z.strictObject({ paused: z.boolean() }),
    result: nothing,
  },
  move: {
    does: "Puts a run that waits in front of the run `before`, or behind all others; in front of all where `before` has begun meanwhile. Where it was cancelled or removed the order stays.",
    params: z.strictObject({ id: runId, before: runId.nullable() }),
    result: nothing,
  },
  retry: {
    does: "Puts a run that failed or was cancelled behind those that wait; what a failed one had finished is not done again.",
    params: oneRun,
    result: nothing,
  },
  remove: {
    does: "Forgets a run that is not being painted; its pictures stay.",
    params: oneRun,
    result: nothing,
  },
  models: {
    does: "The models that recipes can name, as `frecas models --json` prints them.",
    params: nothing,
    result: z.object({ models: z.array(z.record(z.string(), z.unknown())) }),
  },
  doctor: {
    does: "Tries every provider and measures this machine, after the run that is painted.",
    params: nothing,
    result: doctorReportSchema,
  },
  keep: {
    does: "How many milliseconds the daemon stays without work and clients, whoever started it; the last one who asks decides.",
    params: z.strictObject({ idleMs: z.number().min(0) }),
    result: nothing,
  },
  shutdown: {
    does: "Ends the daemon; a run that is painted goes on from its last checkpoint when a daemon is started again. It may come in the place of the handshake, so that clients of all versions can end each other's daemons: its form never changes.",
    params: z.strictObject({
      token: z.string(),
      replacedBy: z
        .string()
        .nullable()
        .describe(
          "The version that comes in its place: a daemon that is not older, or has something to do, stays. Null: it ends whatever it does.",
        ),
    }),
    result: z.object({ ends: z.boolean() }),
  },
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;
export type Params<Name extends MethodName> = z.infer<(typeof methods)[Name]["params"]>;
export type Result<Name extends MethodName> = z.infer<(typeof methods)[Name]["result"]>;

/** A recipe as clients send it. */
export type SentRecipe = z.infer<typeof recipe>;

/** What comes unasked after `subscribe`. */
export const notifications = {
  event: {
    does: "The next event; its number is one more than that of the one before.",
    params: z.object({ number: z.number().int().positive(), event: queueEventSchema }),
  },
  preview: {
    does: "What the run that is painted looks like by now. A client that reads slowly misses some.",
    params: runPreviewSchema,
  },
  snapshot: {
    does: "Everything at once; events go on after its place.",
    params: snapshotSchema,
  },
} as const satisfies Record<string, Omit<Method, "result">>;

/** Data of an error response: the failure's stable name. */
export const errorDataSchema = z.object({ code: z.string() });
