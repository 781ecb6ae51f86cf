// What a cache holds, finished or not, with its size on disk and when it was last used.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { entryFiles, readFacts } from "./entry.ts";

/** `model` and `network` are null for what is not whole: being written, left by a process that ended, or damaged. */
export interface ListedEntry {
  readonly folder: string;
  readonly model: string | null;
  readonly network: string | null;
  readonly bytes: number;
  readonly lastUsedMs: number;
}

/** The last used first. Empty where there is no cache. */
export function listEntries(folder: string): readonly ListedEntry[] {
  return foldersIn(folder)
    .flatMap((name) => describe(join(folder, name)))
    .sort((one, other) => other.lastUsedMs - one.lastUsedMs);
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map((each) => each.name);
  } catch {
    return [];
  }
}

/** None where another process takes it away meanwhile. */
function describe(folder: string): readonly ListedEntry[] {
  try {
    const files = readdirSync(folder).map((name) => statSync(join(folder, name)));
    const facts = knownFacts(folder);
    return [
      {
        folder,
        model: facts?.model ?? null,
        network: facts?.network ?? null,
        bytes: files.reduce((sum, { size }) => sum + size, 0),
        lastUsedMs: facts?.lastUsedMs ?? statSync(folder).mtimeMs,
      },
    ];
  } catch {
    return [];
  }
}

function knownFacts(folder: string) {
  try {
    const facts = readFacts(folder);
    return { ...facts, lastUsedMs: statSync(join(folder, entryFiles.facts)).mtimeMs };
  } catch {
    return undefined;
  }
}
