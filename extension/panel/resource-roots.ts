// The folders that a page may load files from. Each change of them loads the page anew.
import { isAbsolute, relative, sep } from "node:path";

interface Folder {
  readonly fsPath: string;
}

/** The known ones, and those of the wanted ones that lie in none of them. */
export function resourceRoots<Root extends Folder>(
  known: readonly Root[],
  wanted: readonly Root[],
): readonly Root[] {
  const roots = [...known];
  for (const folder of wanted)
    if (!roots.some((root) => isInside(folder, root))) roots.push(folder);
  return roots;
}

function isInside(folder: Folder, root: Folder): boolean {
  const way = relative(root.fsPath, folder.fsPath);
  return way.split(sep)[0] !== ".." && !isAbsolute(way);
}
