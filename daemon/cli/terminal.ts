// Where the command line's words go. Results to `out`, everything about the way there to `err`.
import { outputFailed } from "../base/failure.ts";

export interface Terminal {
  /** A line of the result. */
  out(line: string): void;
  /** A line about what happens. */
  err(line: string): void;
  /** Replaces the last line on a terminal; null where there is no terminal to draw on. */
  readonly draw: ((line: string) => void) | null;
  /** Columns of the terminal. */
  readonly width: number;
}

/** What shells report of a program whose reader has gone. */
const closedPipe = 141;

/** This process's own terminal. Ends the process, quietly, once nobody reads what it says. */
export function openTerminal(): Terminal {
  const { stdout, stderr } = process;
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr.write("\r\u001b[K");
    drawn = false;
  };
  stdout.on("error", (error) => endOn(error, "standard output"));
  stderr.on("error", () => process.exit(closedPipe));
  return {
    out: (line) => {
      clear();
      stdout.write(`${stdout.isTTY ? printable(line) : line}\n`);
    },
    err: (line) => {
      clear();
      stderr.write(`${printable(line)}\n`);
    },
    draw: stderr.isTTY
      ? (line) => {
          stderr.write(`\r\u001b[K${printable(line)}`);
          drawn = true;
        }
      : null,
    // A pseudo-terminal that nobody has sized says 0.
    width: stderr.columns || 80,
  };
}

function endOn(error: NodeJS.ErrnoException, where: string): never {
  if (error.code === "EPIPE") process.exit(closedPipe);
  const why = error.code === "ENOSPC" ? "a full disk" : error.message;
  process.stderr.write(`frecas: ${outputFailed(where, why).message}\n`);
  process.exit(2);
}

/** Names and texts come from files of strangers: what would steer the terminal is shown instead. */
function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
