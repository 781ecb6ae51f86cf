// Which process somebody was: a process's number may be given out again, its time of start is not.
import { readFileSync } from "node:fs";
import { z } from "zod";

const schema = z.object({ pid: z.number().int().positive(), started: z.string() });

/** `started`: clock ticks from the system's start to the process's; "" where the system does not say. */
export type ProcessMark = Readonly<z.infer<typeof schema>>;

export function markProcess(pid: number): ProcessMark {
  return { pid, started: readStat(pid)?.started ?? "" };
}

/** Undefined for text that is no mark. */
export function parseMark(text: string): ProcessMark | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Undefined where there is none at `path`. */
export function readMark(path: string): ProcessMark | undefined {
  try {
    return parseMark(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Whether this very process runs. */
export function isRunning({ pid, started }: ProcessMark): boolean {
  return isAlive(pid) && (readStat(pid)?.started ?? "") === started;
}

/** Whether there is a process of that number. One that has ended and that its parent has not asked about is none. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readStat(pid)?.hasEnded !== true;
  } catch (error) {
    // A process of another user is one too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Undefined on systems other than Linux, and where the process is gone. */
function readStat(
  pid: number,
): { readonly started: string; readonly hasEnded: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in parentheses, may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { started: fields[19] ?? "", hasEnded: ["Z", "X"].includes(fields[0] ?? "") };
  } catch {
    return undefined;
  }
}
