// The logs of the daemon and its engines as one text for people.

/** `daemon` is JSON, one object a line, with `time` and `msg`; `engine` is what engines wrote, as it came. */
export function showLog(
  folder: string,
  { daemon, engine }: { readonly daemon: string; readonly engine: string },
): string {
  return [
    "What the daemon and its engines have written. No prompts are in it.",
    folder,
    "",
    "daemon.log",
    ...lastLines(daemon).map(showLine),
    "",
    "engine.log",
    ...lastLines(engine),
    "",
  ].join("\n");
}

const mostLines = 500;
const lastLines = (text: string): readonly string[] =>
  text.split("\n").filter(Boolean).slice(-mostLines);

/** A line of another form stays as it is. */
function showLine(line: string): string {
  try {
    const { time, msg } = JSON.parse(line) as { readonly time?: string; readonly msg?: string };
    return time === undefined || msg === undefined ? line : `${time}  ${msg}`;
  } catch {
    return line;
  }
}
