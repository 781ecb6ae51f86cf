// Text files that recipes and models name: regular ones of a sane size only. A name may come from anybody's recipe,
// and a device or a pipe behind it would hold up the editor for ever. Whoever reads decides what else is wrong.
import { readFileSync, statSync } from "node:fs";
import { Failure, unreadableModel } from "./failure.ts";
import { strangeFile } from "./strange-file.ts";

/** A model's largest text, its tokenizer.json, has some 4 MB. */
const mostBytes = 64 * 2 ** 20;

/** The file's text, or undefined where there is none that can be read. */
export function readText(path: string): string | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}

/**
 * A model's file, or undefined where there is none. Throws `unreadableModel` where it is there and closed, `lfsPointer` and
 * `failedDownload` where something else is there under its name.
 */
export function readModelText(path: string): string | undefined {
  try {
    const text = read(path);
    const strange = strangeFile(path, text ?? "");
    if (strange !== undefined) throw strange;
    return text;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) return undefined;
    throw unreadableModel(path, message);
  }
}

function read(path: string): string | undefined {
  const stats = statSync(path);
  if (stats.isDirectory()) return undefined;
  if (!stats.isFile()) throw new Error("a device or a pipe, not a file");
  if (stats.size > mostBytes) throw new Error(`a file of ${stats.size} bytes, above ${mostBytes}`);
  // Files of the kernel say that they are empty, and some of them never end.
  return stats.size === 0 ? "" : readFileSync(path, "utf8");
}
