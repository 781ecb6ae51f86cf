// What a file of weights is known by while its contents are not read.
import { statSync } from "node:fs";
import { explainRead } from "./explain-read.ts";

/**
 * A file that was replaced or written to is another one. Its time of change cannot be set back, as the time of its content
 * can by whoever unpacks or copies; neither a copy under the same name nor one of the same size passes for it. Links are
 * followed. Throws `incompleteModel` and `unreadableModel`.
 */
export function identifyFile(file: string): readonly string[] {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [file, ...[ino, size, mtimeNs, ctimeNs].map(String)];
  } catch (error) {
    throw explainRead(file, error);
  }
}
