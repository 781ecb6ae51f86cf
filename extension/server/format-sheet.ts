// A text under work: its lines, which of them belong to a value and must stay, and the edits so far.

/** White space put in the place of white space; places are UTF-16 offsets. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** One line, without its end. */
interface Line {
  readonly start: number;
  readonly end: number;
  /** Spaces before its first sign. */
  readonly indent: number;
  readonly isBlank: boolean;
}

export interface Sheet {
  readonly text: string;
  readonly lines: readonly Line[];
  /** The line that an offset is in. */
  lineAt(offset: number): number;
  /** Puts `newText` in the place of what is there, where that is nothing but white space (and `sign`, which it keeps). */
  replace(start: number, end: number, newText: string): void;
  /** The line is to begin with so many spaces. */
  indent(line: number, spaces: number): void;
  /** How a line will be indented; as it is where nobody has said. */
  indentOf(line: number): number;
  /** Lines that are part of a value: nobody else may trim or drop them. */
  protect(first: number, last: number): void;
  isProtected(line: number): boolean;
  /** Whether its indentation has been said. */
  isPlaced(line: number): boolean;
  /** From the text's end to its beginning, none that changes nothing. */
  edits(): readonly Edit[];
}

export function openSheet(text: string): Sheet {
  const lines = linesOf(text);
  const indents = new Map<number, number>();
  const ofValues = new Set<number>();
  const replaced: Edit[] = [];
  return {
    text,
    lines,
    lineAt: (offset) => lineAt(lines, offset),
    replace: (start, end, newText) => replaced.push({ start, end, newText }),
    indent: (line, spaces) => indents.set(line, Math.max(0, spaces)),
    indentOf: (line) => indents.get(line) ?? lines[line]?.indent ?? 0,
    protect: (first, last) => {
      for (let line = first; line <= last; line += 1) ofValues.add(line);
    },
    isProtected: (line) => ofValues.has(line),
    isPlaced: (line) => indents.has(line),
    edits: () => {
      const moved = [...indents].map(([index, spaces]) => {
        const { start = 0, indent = 0 } = lines[index] ?? {};
        return { start, end: start + indent, newText: " ".repeat(spaces) };
      });
      return [...moved, ...replaced]
        .filter(({ start, end, newText }) => text.slice(start, end) !== newText)
        .sort((one, other) => other.start - one.start || other.end - one.end);
    },
  };
}

function lineAt(lines: readonly Line[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split(/(?<=\n)/).map((line) => {
    const words = line.replace(/\r?\n$/, "");
    const indent = words.search(/[^ ]|$/);
    const found = { start, end: start + words.length, indent, isBlank: indent === words.length };
    start += line.length;
    return found;
  });
}
