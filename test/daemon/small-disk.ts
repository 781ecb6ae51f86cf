// A disk of a few kilobytes, in memory; where none can be mounted, the test says so and is skipped.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, type TestContext } from "vitest";

export interface SmallDisk {
  /** Leaves no room for anything. */
  fill(): void;
  /** Takes that away again. */
  free(): void;
}

/** Mounted at `path` until the test is over; `options` are those of tmpfs. */
export function mountSmallDisk(path: string, options: string, { skip }: TestContext): SmallDisk {
  mkdirSync(path, { recursive: true });
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return skip("needs Linux and root to mount a small disk");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "none", path], { stdio: "pipe" });
  } catch (error) {
    return skip(`mount failed: ${String(error)}`);
  }
  // Lazily: what a test has left running may still be in it.
  onTestFinished(() => void execFileSync("umount", ["-l", path]));
  const filler = join(path, "filler");
  return {
    fill: () => {
      const { bavail, bsize } = statfsSync(path);
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize));
      } catch (error) {
        // Something else took a part of it meanwhile: it is full all the same.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    free: () => rmSync(filler),
  };
}
