// The engine of a daemon that was killed: it ends by itself within a second, but until then it holds its memory and may
// write. The next daemon ends it before it starts its own; a small file says which process it is.
import { writeFileSync } from "node:fs";
import { isRunning, markProcess, readMark } from "../base/process-mark.ts";

/** How long a process may take to end after it was told to. */
const mostMs = 3000;

/** Notes at `path` that `pid` is the engine now. Without a note an engine that is left ends a moment later. */
export function noteEngine(path: string, pid: number): void {
  try {
    writeFileSync(path, JSON.stringify(markProcess(pid)), { mode: 0o600 });
  } catch {
    // A full disk.
  }
}

/** Ends the engine that is noted at `path`, where it still runs, and waits for it. Never throws. */
export async function endLeftEngine(path: string): Promise<void> {
  const mark = readMark(path);
  if (mark === undefined || !isRunning(mark)) return;
  // Without its time of start the number may be that of any other process by now.
  if (mark.started !== "") killOne(mark.pid);
  const sinceMs = performance.now();
  while (isRunning(mark) && performance.now() - sinceMs < mostMs)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

function killOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
