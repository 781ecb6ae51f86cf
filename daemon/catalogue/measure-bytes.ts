// How much of the disk a model takes: its files with links followed, each file once.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Of a file, or of all below a folder, in bytes; what cannot be seen counts nothing. */
export async function measureBytes(path: string): Promise<number> {
  const sizes = new Map<string, number>();
  await measure(path, sizes, 0);
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

const deepest = 4;

async function measure(path: string, sizes: Map<string, number>, depth: number): Promise<void> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) sizes.set(`${stats.dev} ${stats.ino}`, stats.size);
    if (!stats.isDirectory() || depth === deepest) return;
    for (const name of await readdir(path)) await measure(join(path, name), sizes, depth + 1);
  } catch {
    // A link to nowhere or a closed folder: whoever examines the model says so.
  }
}
