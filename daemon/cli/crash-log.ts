// Where a crash's details go: a file that a report can be made of, never the terminal.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Replaces the log and says, as the end of a sentence, where it is. A log that cannot be written is left out. */
export function keepInLog(path: string, details: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${details.trim()}\n`);
    return `details are in ${path}`;
  } catch {
    return "details could not be kept";
  }
}
