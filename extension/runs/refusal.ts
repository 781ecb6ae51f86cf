// A failure as a message in the editor: what it says, and where in the text it is.

export interface Refusal {
  readonly text: string;
  /** From 0; undefined where the failure is about no line of this file. */
  readonly line: number | undefined;
}

/** The daemon says the place of a recipe's mistake before it, as `FILE:LINE: `, which the editor shows instead. */
export function readRefusal(message: string, file: string): Refusal {
  const place = message.startsWith(`${file}:`)
    ? /^(\d+): /.exec(message.slice(file.length + 1))
    : null;
  if (place === null) return { text: message, line: undefined };
  return {
    text: message.slice(file.length + 1 + place[0].length),
    line: Number(place[1]) - 1,
  };
}
