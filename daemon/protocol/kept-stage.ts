// What a run keeps of a stage that hands its picture on: files, until the run is removed or newer runs need the room.
import { z } from "zod";

const count = z.number().int().nonnegative();

export const keptStageSchema = z
  .object({
    prompt: count,
    stage: count,
    pictures: z
      .array(z.string())
      .describe(
        "Absolute paths of PNG files with what the stage painted, one an image; one for all images where the run began with it.",
      ),
    maps: z
      .string()
      .nullable()
      .describe(
        "Absolute path of a safetensors file with the attention maps that the next stage reuses, or null where it reuses none.",
      ),
  })
  .meta({
    id: "KeptStage",
    description:
      "What is kept of a stage that hands its picture on. Files may be gone: only those of the newest runs are kept.",
  });

export type KeptStage = z.infer<typeof keptStageSchema>;
