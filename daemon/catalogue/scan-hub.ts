// The models of the Hugging Face cache. The hub's library lists them; a repository that it refuses whole (a link to
// nowhere, a reference to a snapshot that is gone) or that makes it give up is looked at here, so that none hides another.
import { readdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readText } from "../base/read-text.ts";
import type { HubRepository } from "./hub-library.ts";
import { inParallel } from "./in-parallel.ts";

/** By id; none where there is no cache. Never throws for what is on the disk. */
export async function scanHub(hub: string): Promise<readonly HubRepository[]> {
  const names = await namesIn(hub);
  const folders = names.filter((name) => name.startsWith("models--"));
  if (folders.length === 0) return [];
  const known = await askLibrary(hub);
  const all = await inParallel(folders, async (name) => {
    const id = name.slice("models--".length).replaceAll("--", "/");
    return known.find((one) => one.id === id) ?? lookMyself(id, join(hub, name));
  });
  return all.filter((one) => one !== undefined).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** "owner/name" → the snapshot that its main branch points at; looks at this one repository only. */
export function findInHub(id: string, hub: string): string | undefined {
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(id)) return undefined;
  const folder = join(hub, `models--${id.replace("/", "--")}`);
  const revision = readText(join(folder, "refs/main"))?.trim();
  if (!revision) return undefined;
  const snapshot = join(folder, "snapshots", revision);
  return namesNow(snapshot) === undefined ? undefined : snapshot;
}

/** How many of a snapshot's downloads were interrupted; the cache doesn't say of which files. */
export function interruptedDownloads(snapshot: string): number {
  const blobs = namesNow(join(snapshot, "../../blobs")) ?? [];
  return blobs.filter((name) => name.endsWith(".incomplete")).length;
}

async function askLibrary(hub: string): Promise<readonly HubRepository[]> {
  const { scanWithLibrary } = await import("./hub-library.ts");
  try {
    return await scanWithLibrary(hub);
  } catch {
    // It gives up on all where one entry cannot be looked at; each is looked at here instead.
    return [];
  }
}

/** The main branch's snapshot, or else the newest. */
async function lookMyself(id: string, folder: string): Promise<HubRepository | undefined> {
  const main = findInHub(id, join(folder, ".."));
  if (main !== undefined) return { id, snapshot: main };
  const snapshots = join(folder, "snapshots");
  const dated = await inParallel(await namesIn(snapshots), async (name) => {
    const snapshot = join(snapshots, name);
    const stats = await stat(snapshot).catch(() => undefined);
    return stats?.isDirectory() ? { snapshot, atMs: stats.mtimeMs } : undefined;
  });
  const [newest] = dated
    .filter((one) => one !== undefined)
    .toSorted((one, other) => other.atMs - one.atMs);
  return newest === undefined ? undefined : { id, snapshot: newest.snapshot };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

function namesNow(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
