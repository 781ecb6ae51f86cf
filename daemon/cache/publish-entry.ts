// Gives a finished network its name: facts written, all of it on the disk, then one rename. Readers see the whole entry or
// none, whatever is killed when; of two processes that wrote the same one, the first wins.
import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { entryFiles, hashOf } from "./entry.ts";

/** A name beside the entry's, for a folder that nobody else writes. */
export function unfinishedEntry(folder: string): string {
  return `${folder}.${randomBytes(6).toString("hex")}.tmp`;
}

/** Throws what the system says; the unfinished folder is then still there. */
export async function publishEntry(
  unfinished: string,
  folder: string,
  names: { readonly model: string; readonly network: string },
): Promise<void> {
  const facts = {
    ...names,
    graphHash: hashOf(readFileSync(join(unfinished, entryFiles.graph))),
    weightsBytes: statSync(join(unfinished, entryFiles.weights)).size,
  };
  writeFileSync(join(unfinished, entryFiles.facts), `${JSON.stringify(facts)}\n`);
  for (const name of Object.values(entryFiles)) await syncFile(join(unfinished, name));
  await rename(unfinished, folder);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
