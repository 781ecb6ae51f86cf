// How much memory a process may still take on this machine, in bytes. Reads the machine, so the core gets
// the number as an argument.
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

/** What the system says of its memory, and of this process. */
export interface MemoryReadings {
  /** The text of /proc/meminfo; undefined where the system is not Linux. */
  readonly meminfo: string | undefined;
  readonly totalBytes: number;
  /** A container's limit; 0 or a very large number where there is none. */
  readonly limitBytes: number;
  /** What this process, and others of this program that share the limit, hold already. */
  readonly ownBytes: number;
}

/** What the system says is available now, while other processes of this program hold `otherBytes`, files that they map not counted. */
export function availableMemory(otherBytes = 0): number {
  return judgeMemory({
    meminfo: readSystem("/proc/meminfo"),
    totalBytes: totalmem(),
    limitBytes: process.constrainedMemory(),
    ownBytes: process.memoryUsage.rss() + otherBytes,
  });
}

/**
 * What the kernel says is available, or less where a container's limit is nearer. Other systems count as free only
 * what nothing uses, caches neither, so there it is all the memory of the machine: rather too much than to refuse all.
 */
export function judgeMemory(readings: MemoryReadings): number {
  const { meminfo = "", totalBytes, limitBytes, ownBytes } = readings;
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  const machine = kilobytes === undefined ? totalBytes : Number(kilobytes) * 1024;
  if (limitBytes === 0 || limitBytes > 2 ** 50) return machine;
  return Math.min(machine, limitBytes - ownBytes);
}

/** What a process would give back, files that it maps not counted; 0 where the system does not say. */
export function heldMemory(pid: number): number {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readSystem(`/proc/${pid}/status`) ?? "")?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function readSystem(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
