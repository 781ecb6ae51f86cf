// Reading text files for recipes and configs: absent is a value. Whoever reads decides what else is wrong.
import { readFileSync, statSync } from "node:fs";
import { unreadableModel } from "../base/failure.ts";

/** The file's text, or undefined where there is none that can be read. */
export function readText(path: string): string | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}

/** A model's file, or undefined where there is none; throws `unreadableModel` where it is there and closed. */
export function readModelText(path: string): string | undefined {
  try {
    return read(path);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(code)) return undefined;
    throw unreadableModel(path, message);
  }
}

function read(path: string): string {
  // A device may never end; a pipe, as of <(command), does.
  if (statSync(path).isCharacterDevice()) throw new Error("a device, not a file");
  return readFileSync(path, "utf8");
}
