// What a run tells upward: one union, the only thing that leaves the engine.
// Serialised between processes, so it is checked on the way in and carries no prompt text.
import { z } from "zod";
import { keptStageSchema } from "./kept-stage.ts";

const part = z.enum(["text", "denoiser", "vae-encode", "vae-decode"]).meta({
  id: "Part",
  description: "A network: what a run is made of, in plans' costs and in the bench alike.",
});

export type Part = z.infer<typeof part>;

const count = z.number().int().nonnegative();

export const runEventSchema = z
  .discriminatedUnion("kind", [
    z
      .object({ kind: z.literal("opening"), part })
      .describe("A network is being opened; its weights are mapped and prepared."),
    z.object({ kind: z.literal("opened"), part }),
    z
      .object({
        kind: z.literal("cache"),
        part,
        state: z.enum(["used", "saving", "saved", "skipped", "refused"]),
        note: z.string(),
      })
      .describe(
        "What becomes of a network in the cache of prepared ones; `note` says why one is not kept.",
      ),
    z
      .object({ kind: z.literal("calling"), part, stage: count.nullable() })
      .describe("A network call; `stage` is null for text."),
    z.object({ kind: z.literal("called"), part, stage: count.nullable() }),
    z
      .object({
        kind: z.literal("step"),
        prompt: count,
        stage: count,
        step: count,
        steps: count,
        timestep: z.number(),
        done: count,
        total: count,
      })
      .describe(
        "A step ended. Indices from 0; `steps` of this stage, `done` and `total` over the whole run.",
      ),
    z
      .object({
        kind: z.literal("picture"),
        prompt: count,
        image: count,
        path: z.string(),
        again: z.boolean(),
      })
      .describe(
        "A picture is on disk under `path`; `again`: an earlier process painted it, and this one goes on after it.",
      ),
    z
      .object({ kind: z.literal("stage-kept"), ...keptStageSchema.shape })
      .describe("The picture of a stage that ended, and the maps collected in it, are on disk."),
  ])
  .meta({ id: "RunEvent", description: "What happened inside a run." });

export type RunEvent = z.infer<typeof runEventSchema>;
