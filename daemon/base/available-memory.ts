// How much memory a process may still take on this machine, in bytes. Reads the machine, so the core gets
// the number as an argument.
import { readFileSync } from "node:fs";
import { freemem } from "node:os";

/** What the kernel says is available, or less where a container's limit is nearer. */
export function availableMemory(): number {
  const machine = linuxAvailable() ?? freemem();
  const limit = process.constrainedMemory();
  // 0 and very large numbers mean that there is no limit.
  if (limit === 0 || limit > 2 ** 50) return machine;
  return Math.min(machine, limit - process.memoryUsage.rss());
}

/** MemAvailable counts what caches would give back; freemem does not. */
function linuxAvailable(): number | undefined {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(
      readFileSync("/proc/meminfo", "utf8"),
    )?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
