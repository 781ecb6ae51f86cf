// The files that a person names on the command line. These may be pipes, as of <(command); what a recipe names may
// not (base/read-text).
import { readFileSync, statSync } from "node:fs";
import { readText } from "../base/read-text.ts";

/** The file's text, or undefined where there is none that can be read. Waits for a pipe to end. */
export function readGiven(path: string): string | undefined {
  try {
    return statSync(path).isFIFO() ? readFileSync(path, "utf8") : readText(path);
  } catch {
    return undefined;
  }
}
