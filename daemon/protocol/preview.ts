// A small picture of a run that goes on: what it believes at this step that the first image will be.
import { z } from "zod";
import { runId } from "./run-record.ts";

const count = z.number().int().nonnegative();

export const previewSchema = z.object({
  prompt: count,
  stage: count,
  step: count,
  width: count.describe("Pixels of the preview, not of the picture, as is `height`."),
  height: count,
  png: z.string().describe("A PNG file in base64."),
});

/** As it leaves the daemon. */
export const runPreviewSchema = previewSchema.extend({ id: runId });

export type RunPreview = z.infer<typeof runPreviewSchema>;

export type Preview = z.infer<typeof previewSchema>;
