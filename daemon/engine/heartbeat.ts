// A thread of the engine that goes on while network calls block the rest: it tells the parent how much memory the
// process holds, and ends the process once there is no parent. A bundle of its own, started by path.
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { heldMemory } from "../base/available-memory.ts";

const { descriptor, everyMs } = workerData as HeartbeatData;

setInterval(beat, everyMs);
beat();

/** What the thread is started with. */
export interface HeartbeatData {
  /** Of a pipe to the parent. */
  readonly descriptor: number;
  readonly everyMs: number;
}

function beat(): void {
  try {
    writeSync(descriptor, `${heldMemory(process.pid)}\n`);
  } catch (error) {
    // A parent that is busy reads later; any other error means that nobody will.
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return;
    process.kill(process.pid, "SIGKILL");
  }
}
