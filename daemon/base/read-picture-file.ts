// The bytes of a picture that a recipe names: a regular file of a sane size only, for a recipe may come from anybody.
import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { badInputPicture } from "./failure.ts";

const mostBytes = 512 * 2 ** 20;

/** `path` is absolute. Rejects with `badInputPicture` where there is no such file or it cannot be read. */
export async function readPictureFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const rule = "must be a file that can be read";
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    throw badInputPicture(path, rule, explain(error));
  }
  if (stats.isDirectory()) throw badInputPicture(path, rule, "a folder");
  if (!stats.isFile()) throw badInputPicture(path, rule, "a device or a pipe");
  if (stats.size > mostBytes)
    throw badInputPicture(path, `must have at most ${mostBytes} bytes`, `${stats.size}`);
  try {
    return await readFile(path);
  } catch (error) {
    throw badInputPicture(path, rule, explain(error));
  }
}

function explain(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (["ENOENT", "ENOTDIR"].includes(code)) return "none under this path";
  return code === "EACCES" ? "one that this user may not read" : `"${message}"`;
}
