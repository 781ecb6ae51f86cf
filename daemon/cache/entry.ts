// One network that is kept: a folder with its prepared graph, its weights beside it, and what both must be. An entry is
// whole from the moment it has its name (publish-entry.ts); what is damaged later is noticed here, before it is used.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Goes up with the format: older entries are then never found, and go as the least recently used. */
export const CACHE_FORMAT = 1;

/** Names within an entry's folder. The graph names its weights' file, so it is the same everywhere. */
export const entryFiles = {
  graph: "network.onnx",
  weights: "weights.bin",
  facts: "entry.json",
} as const;

const factsSchema = z.object({
  /** The folder or file of the model, for people. */
  model: z.string(),
  /** Which of its networks, for people. */
  network: z.string(),
  graphHash: z.string(),
  weightsBytes: z.number(),
});

export type EntryFacts = Readonly<z.infer<typeof factsSchema>>;

export type FoundEntry =
  | { readonly kind: "absent" }
  | { readonly kind: "damaged"; readonly why: string }
  | { readonly kind: "whole"; readonly graph: Uint8Array };

/**
 * What is under `folder`. The graph is hashed; of its weights, gigabytes, the size alone is looked at: a file that is
 * too short would end the process that maps it.
 */
export function readEntry(folder: string): FoundEntry {
  try {
    if (!existsSync(folder)) return { kind: "absent" };
    const facts = readFacts(folder);
    const graph = readFileSync(join(folder, entryFiles.graph));
    if (hashOf(graph) !== facts.graphHash)
      return { kind: "damaged", why: `${entryFiles.graph} is not what was written` };
    const { size } = statSync(join(folder, entryFiles.weights));
    if (size !== facts.weightsBytes)
      return {
        kind: "damaged",
        why: `${entryFiles.weights} has ${size} bytes instead of ${facts.weightsBytes}`,
      };
    return { kind: "whole", graph };
  } catch (error) {
    return { kind: "damaged", why: error instanceof Error ? error.message : String(error) };
  }
}

/** Throws where they cannot be read. */
export function readFacts(folder: string): EntryFacts {
  try {
    return factsSchema.parse(JSON.parse(readFileSync(join(folder, entryFiles.facts), "utf8")));
  } catch {
    throw new Error(`${entryFiles.facts} cannot be read`);
  }
}

/** Notes that the entry was used now, which is the time of its facts' file. */
export function touchEntry(folder: string, now: Date): void {
  try {
    utimesSync(join(folder, entryFiles.facts), now, now);
  } catch {
    // A cache that cannot be written is used all the same.
  }
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
