// The processes that an editor of the tests has begun, however far removed: their environment names its companion's socket.
import { readdirSync, readFileSync } from "node:fs";

interface MarkedProcess {
  readonly id: number;
  /** The command line, parted by blanks. */
  readonly command: string;
}

/** The command lines of those that run a part of the installed FreCaS. */
export function ownProcesses(mark: string): readonly string[] {
  const commands = markedProcesses(mark).map(({ command }) => command);
  return commands.filter((command) => command.includes("/frecas.frecas-"));
}

/** Linux only. Processes that end while they are looked at are not among them. */
export function markedProcesses(mark: string): readonly MarkedProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => look(name, mark));
}

function look(id: string, mark: string): readonly MarkedProcess[] {
  try {
    const environment = readFileSync(`/proc/${id}/environ`, "utf8").split("\0");
    if (!environment.some((entry) => entry.startsWith(`FRECAS_COMPANION=${mark}/`))) return [];
    const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return command === "" ? [] : [{ id: Number(id), command }];
  } catch {
    return [];
  }
}
