// The file of linear maps that show latents as colours, by latent space. Whoever fits one adds it there.
import { z } from "zod";
import { readText } from "./read-text.ts";

/** Red, green and blue: each a weight for every channel of the scaled latent, and what is added. Colours are −1..1. */
const latentMapSchema = z.array(z.array(z.number()).min(2).readonly()).length(3).readonly();

const schema = z.record(z.string(), latentMapSchema);

export type LatentMap = z.infer<typeof latentMapSchema>;

/** None where there is no such file, or one that is empty or damaged. */
export function readLatentMaps(path: string): Readonly<z.infer<typeof schema>> {
  try {
    return schema.parse(JSON.parse(readText(path) ?? "{}"));
  } catch {
    return {};
  }
}
