// The messages between the engine process and whoever started it. Version, then requests down, events up.
// Checked with zod on the way in at both ends.
import { z } from "zod";
import { failureCodes } from "../base/failure.ts";
import { providers } from "../base/provider.ts";
import { previewSchema } from "./preview.ts";
import { runEventSchema } from "./run-event.ts";

/** Both ends are built together; a mismatch means a file was replaced while running. */
export const ENGINE_PROTOCOL = 4;

/** `plan` is checked by the plan's own parser. */
export const engineRequestSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("run"),
    plan: z.unknown(),
    /** Absolute path of the file that the run goes on from and keeps its state in, or null. */
    checkpoint: z.string().nullable(),
    /** Absolute path of the folder that stage pictures and attention maps are kept in, or null. */
    trace: z.string().nullable(),
    /** Whether somebody wants to see it while it goes on. */
    previews: z.boolean(),
  }),
  z.object({ kind: z.literal("cancel") }),
  z.object({ kind: z.literal("doctor") }),
]);

export type EngineRequest = z.infer<typeof engineRequestSchema>;

const providerReportSchema = z
  .object({
    provider: z.enum(providers),
    error: z
      .number()
      .nullable()
      .describe(
        "Largest difference to the CPU's result relative to its largest value, or null where it did not run.",
      ),
    usable: z.boolean(),
    fusedAttention: z
      .boolean()
      .describe("Whether the fused attention operator gives right numbers there."),
    note: z.string(),
  })
  .meta({ id: "ProviderReport", description: "What a provider did with the self-test." });

export type ProviderReport = z.infer<typeof providerReportSchema>;

export const doctorReportSchema = z
  .object({
    runtime: z.string().describe("Name and version of what runs networks."),
    threads: z.number().int().positive(),
    gemmGflops: z.number().describe("Of one large float32 matrix product on CPU."),
    providers: z.array(providerReportSchema),
  })
  .meta({ id: "DoctorReport", description: "What there is to paint on." });

export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** How a request ended. */
const outcomeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done") }),
  z.object({ kind: z.literal("report"), report: doctorReportSchema }),
  /** An expected failure: `message` is for people. */
  z.object({ kind: z.literal("failed"), code: z.enum(failureCodes), message: z.string() }),
  /** A defect of this program: `message` has the stack. */
  z.object({ kind: z.literal("defect"), message: z.string() }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;

/** `atMs` counts from the engine's start; `peakBytes` is the most memory the engine has held so far. */
export const engineReplySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), protocol: z.literal(ENGINE_PROTOCOL) }),
  z.object({ kind: z.literal("event"), atMs: z.number(), event: runEventSchema }),
  z.object({ kind: z.literal("preview"), preview: previewSchema }),
  z.object({
    kind: z.literal("ended"),
    atMs: z.number(),
    peakBytes: z.number(),
    outcome: outcomeSchema,
  }),
]);

export type EngineReply = z.infer<typeof engineReplySchema>;
