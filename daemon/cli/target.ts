// FILE or FILE#name: a recipe file, and the one recipe of it that is meant.
import { dirname, resolve } from "node:path";

export interface Target {
  readonly file: string;
  /** Undefined for all recipes of the file. */
  readonly name: string | undefined;
}

/** A # counts only before what can be a recipe's name, so folders may have it in theirs. */
export function parseTarget(target: string): Target {
  const [, file, name] = /^(.*)#([\p{L}\p{M}\p{N}_-]*)$/u.exec(target) ?? [];
  return file === undefined ? { file: target, name } : { file, name };
}

/** The folder that the file's relative paths start at. */
export function folderOf(target: string, cwd: string): string {
  return dirname(resolve(cwd, parseTarget(target).file));
}
