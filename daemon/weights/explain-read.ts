// Turns what the system says about a path into a Failure. Decides nothing about the contents.
import { basename, dirname } from "node:path";
import { Failure, incompleteModel, unreadableModel } from "../base/failure.ts";

/** `incompleteModel` for a path that is not there, `unreadableModel` for another report of the system; anything else comes back as it is. */
export function explainRead(path: string, error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "ENOENT") return incompleteModel(dirname(path), basename(path));
  return unreadableModel(path, error.message);
}
