// Whatever was thrown → one sentence, with --json one object too, and the exit code. The only place that decides these.
import { Failure, programDefect } from "../base/failure.ts";
import type { CliContext } from "./cli-context.ts";
import { keepInLog } from "./crash-log.ts";

/** Says what went wrong and returns the exit code. `args` decide whether it is said as JSON as well. */
export function openReporter(
  args: readonly string[],
  { terminal, crashLog }: Pick<CliContext, "terminal" | "crashLog">,
): (error: unknown) => number {
  return (error) => {
    const { code, message, details } = error instanceof Failure ? error : toDefect(error);
    const sentence = details === "" ? message : `${message}; ${keepInLog(crashLog, details)}`;
    // Asked of the arguments themselves, because parsing them is one of the things that fail.
    if (args.includes("--json")) terminal.out(JSON.stringify({ failed: code, message: sentence }));
    terminal.err(`frecas: ${sentence}`);
    return code === "run.cancelled" ? 130 : 2;
  };
}

function toDefect(error: unknown): Failure {
  return programDefect(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
