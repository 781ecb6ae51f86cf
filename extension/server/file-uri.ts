// Addresses that the editor gives to documents, and paths of files.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Absolute. A text that is no file of this machine, an unsaved one for example, is taken to lie in an empty place. */
export function toPath(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    const name = uri.replace(/^.*[:/\\]/, "") || "recipe";
    return join(tmpdir(), "unsaved-recipes", name);
  }
}

/** The address of a file. */
export function toUri(path: string): string {
  return pathToFileURL(path).href;
}
