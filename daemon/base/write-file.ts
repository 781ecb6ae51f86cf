// Writes a whole file or none of it: readers see the old file or the new one, whatever is killed when.
// The folders above it are made where they are missing.
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { outputFailed } from "./failure.ts";

/** Replaces or makes the file at `path` and waits until the disk has it; `mode` is its permissions. Throws `outputFailed`; then nothing is left behind but folders. */
export async function writeFileSafely(
  path: string,
  bytes: Uint8Array | string,
  mode = 0o666,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName(process.pid));
  try {
    await mkdir(folder, { recursive: true });
    await writeAndSync(temporary, bytes, mode);
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw outputFailed(path, explainWrite(error));
  }
}

/** Hidden, so that nothing that watches the folder for results takes it for one. */
const temporaryName = (pid: number): string =>
  `.frecas-${pid}-${randomBytes(6).toString("hex")}.tmp`;

/** Takes away what processes that were killed left half written in `folder`. Never throws. */
export async function sweepTemporaries(
  folder: string,
  isAlive: (pid: number) => boolean,
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /^\.frecas-(\d+)-[0-9a-f]{12}\.tmp$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

async function writeAndSync(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the new name itself last; where a system cannot sync folders, the name lasts soon enough. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  try {
    await folder?.sync();
  } catch {
    // Windows and some network file systems.
  } finally {
    await folder?.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "a full disk",
  EDQUOT: "a full quota",
  EFBIG: "a file larger than the disk allows",
  EACCES: "a place that this user may not write to",
  EPERM: "a place that this user may not write to",
  EROFS: "a read-only place",
  ENOTDIR: "a file where a folder must be",
  EEXIST: "a file where a folder must be",
  EISDIR: "a folder of that name",
  ENOTEMPTY: "a folder of that name",
  ENAMETOOLONG: "a name that is too long",
  ELOOP: "a circle of links",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  EIO: "a disk that reports an error",
  ENOENT: "a place that does not exist",
};

/** Why the system would not write, in words for people. */
export function explainWrite(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return reasons[code] ?? error.message;
}
