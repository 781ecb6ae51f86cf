// Makes room for one more network: takes away what a killed process left, then the least recently used, until the limit
// and the disk allow it. Files that another process has mapped stay there for it until it closes them.
import { rmSync, statfsSync } from "node:fs";
import { type ListedEntry, listEntries } from "./list-entries.ts";

/** A disk keeps this much free, or a tenth of itself where that is less. */
const keptFreeBytes = 5e9;

/** Saving takes minutes at most; what is not whole by then was left behind. */
const longestSavingMs = 3_600_000;

interface Room {
  readonly folder: string;
  readonly limitBytes: number;
}

/** Undefined where `bytes` more may be written to the folder, which exists; otherwise why not, and then nothing used is taken away. */
export function makeRoom(room: Room, bytes: number, nowMs: number): string | undefined {
  if (bytes > room.limitBytes)
    return `it takes ${gigabytes(bytes)}, more than the cache's limit of ${gigabytes(room.limitBytes)}`;
  for (const { folder } of leftBehind(listEntries(room.folder), nowMs)) removeEntry(folder);
  const entries = listEntries(room.folder);
  const free = freeBytes(room.folder);
  const going = leastUsed(
    entries,
    Math.max(bytes - free, sizeOf(entries) + bytes - room.limitBytes),
  );
  if (sizeOf(going) + free < bytes)
    return `it takes ${gigabytes(bytes)}, and the disk has ${gigabytes(Math.max(0, free))} to spare`;
  for (const { folder } of going) removeEntry(folder);
  return undefined;
}

/** Takes an entry away, whole or not; what cannot be taken away stays. */
export function removeEntry(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another user's, or a read-only disk.
  }
}

function leftBehind(entries: readonly ListedEntry[], nowMs: number): readonly ListedEntry[] {
  return entries.filter(
    ({ model, lastUsedMs }) => model === null && nowMs - lastUsedMs > longestSavingMs,
  );
}

/** The oldest whole entries that have `bytes` together, or all of them. */
function leastUsed(entries: readonly ListedEntry[], bytes: number): readonly ListedEntry[] {
  const going: ListedEntry[] = [];
  for (const entry of entries.toReversed())
    if (entry.model !== null && sizeOf(going) < bytes) going.push(entry);
  return going;
}

const sizeOf = (entries: readonly ListedEntry[]): number =>
  entries.reduce((sum, entry) => sum + entry.bytes, 0);

/** What may be written before the disk has too little left; negative where it has. */
function freeBytes(folder: string): number {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return bavail * bsize - Math.min(keptFreeBytes, (blocks * bsize) / 10);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
