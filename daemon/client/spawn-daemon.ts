// Begins a daemon: a process that outlives whoever starts it.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { daemonFailed } from "../base/failure.ts";

/**
 * `bundle` is the path of the daemon's; without `env` it has this process's. Resolves once it has ended because another one
 * is up; rejects with `daemonFailed`. Keeps nobody up.
 */
export function spawnDaemon(bundle: string, env?: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [bundle], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    cwd: "/",
    ...(env === undefined ? {} : { env }),
  });
  return untilEnded(child);
}

function untilEnded(child: ChildProcessByStdio<null, null, Readable>): Promise<void> {
  child.unref();
  // A pipe of a child is a socket, which its type does not say.
  (child.stderr as Readable & Pick<Socket, "unref">).unref();
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(0, 2000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(daemonFailed(error.message)));
    child.on("close", (code) => (code === 0 ? resolve() : reject(daemonFailed(words.trim()))));
  });
}
