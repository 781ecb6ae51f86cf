// Where prepared networks are kept between runs, and how much room they may take. Decided by whoever starts an engine,
// handed to it as a value. Nothing that is kept there changes a picture.
import { z } from "zod";

export const cachePlaceSchema = z.object({
  /** Absolute. Made when something is kept there. */
  folder: z.string(),
  /** All that is kept takes no more than this; the least recently used goes first. */
  limitBytes: z.number().nonnegative(),
  /** A network whose weights are smaller than this in float32 opens fast enough by itself. */
  leastWeightBytes: z.number().nonnegative(),
});

export type CachePlace = Readonly<z.infer<typeof cachePlaceSchema>>;
