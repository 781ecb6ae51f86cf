// One daemon for each user, however many are started at once, and whatever became of earlier ones. Locks are files
// lock.1, lock.2, … in one folder; the highest one counts, and it is never taken away, so no two processes can hold it:
// a file appears whole under its name (link), and only one process can make the one above a dead one's.
import { randomBytes } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { outputFailed } from "../base/failure.ts";
import { isAlive, isRunning, markProcess, parseMark } from "../base/process-mark.ts";
import { explainWrite } from "../base/write-file.ts";

/** Gives the lock back. Without it the lock is held until no process has the number: another one may have it by then. */
type ReleaseLock = () => Promise<void>;

/** Undefined where another process holds the lock. Throws `outputFailed`. */
export async function takeLock(folder: string, pid: number): Promise<ReleaseLock | undefined> {
  const draft = join(folder, `draft.${pid}.${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(draft, JSON.stringify(markProcess(pid)), { mode: 0o600 });
    const mine = await takeWith(folder, draft);
    // It keeps its place, and is nobody's.
    return mine === undefined ? undefined : () => truncate(mine).catch(() => {});
  } catch (error) {
    throw outputFailed(folder, explainWrite(error));
  } finally {
    await rm(draft, { force: true });
    for (const name of await readdir(folder).catch(() => []))
      if (isLeft(name)) await rm(join(folder, name), { force: true });
  }
}

/** A draft of a process that was killed before it was done with it. */
function isLeft(name: string): boolean {
  const pid = /^draft\.(\d+)\./.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

/** The path of the lock that was taken. */
async function takeWith(folder: string, draft: string): Promise<string | undefined> {
  const highest = Math.max(0, ...(await locksIn(folder)));
  if (highest > 0 && (await isHeld(join(folder, `lock.${highest}`)))) return undefined;
  const mine = highest + 1;
  const path = join(folder, `lock.${mine}`);
  if (!(await makeLock(draft, path))) return takeWith(folder, draft);
  const others = (await locksIn(folder)).filter((number) => number !== mine);
  // Somebody may have been here twice since the first look, and have taken lower ones away.
  const isHighest = others.every((number) => number < mine);
  const old = isHighest ? others : [mine];
  for (const number of old) await rm(join(folder, `lock.${number}`), { force: true });
  return isHighest ? path : takeWith(folder, draft);
}

async function locksIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => /^lock\.(\d+)$/.exec(name)?.slice(1).map(Number) ?? []);
}

async function makeLock(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** A lock that cannot be read any more is nobody's. */
async function isHeld(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch(() => "");
  const holder = parseMark(text);
  return holder !== undefined && isRunning(holder);
}
