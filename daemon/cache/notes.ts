// What is known of a network that is not kept yet: whether another process has opened it before, and how often keeping it
// was begun. A note is a small file beside the entries; a lost one costs one slow opening.
import { readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { writeFileSafely } from "../base/write-file.ts";

const schema = z.object({
  /** Processes that have opened it. */
  openings: z.number(),
  /** Times that somebody began to keep it; each that came to an end left an entry. */
  attempts: z.number(),
});

export type Note = Readonly<z.infer<typeof schema>>;

/** `folder` is the entry's. An absent or damaged note says that nothing has happened. */
export function readNote(folder: string): Note {
  try {
    return schema.parse(JSON.parse(readFileSync(notePath(folder), "utf8")));
  } catch {
    return { openings: 0, attempts: 0 };
  }
}

/** Throws `outputFailed`. */
export async function writeNote(folder: string, note: Note): Promise<void> {
  await writeFileSafely(notePath(folder), `${JSON.stringify(note)}\n`);
}

/** Afterwards nothing is known of it. */
export function removeNote(folder: string): void {
  try {
    rmSync(notePath(folder), { force: true });
  } catch {
    // A read-only disk.
  }
}

const notePath = (folder: string): string => `${folder}.seen.json`;
