// Which runs are of a recipe: by its file and by its name, or one that a sweep or a comparison made from it.
import type { RunRecord } from "../../daemon/protocol/run-record.ts";

/** The recipe that a panel shows. */
export interface RecipePlace {
  /** Absolute path. */
  readonly file: string;
  /** "" for all recipes of the file. */
  readonly name: string;
}

/** In the order that they were submitted in. */
export function runsOf(
  { file, name }: RecipePlace,
  runs: readonly RunRecord[],
): readonly RunRecord[] {
  return runs.filter((run) => run.file === file && isNameOf(name, run.name));
}

/** What a sweep and a comparison put behind the name of their recipe. */
const made = /^(-\d+)?(-compare-\d+)?$/;

/** Whether the recipe called `name` makes recipes called `other`. */
export function isNameOf(name: string, other: string): boolean {
  return name === "" || (other.startsWith(name) && made.test(other.slice(name.length)));
}
