// Offsets to lines and columns, as editors count them: \n, \r\n and a lone \r each end a line.
import type { Position, Range } from "../base/problem.ts";

/** Answers for one text; none of them leaves it. */
export interface Positions {
  readonly range: (start: number, end: number) => Range;
  /** The same without trailing white space, as YAML knows it. */
  readonly trimmed: (start: number, end: number) => Range;
  /** From `start` to the end of its line, as YAML counts lines: a lone \r ends none. */
  readonly line: (start: number) => Range;
  readonly textOf: (range: Range) => string;
}

/** Counts the lines of a text once. */
export function positionsOf(text: string): Positions {
  const starts = [
    0,
    ...Array.from(text.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length),
  ];
  const at = (offset: number): Position => position(starts, inside(text, offset));
  const range = (start: number, end: number): Range => ({ start: at(start), end: at(end) });
  const trimmed = (start: number, end: number): Range =>
    range(start, trimmedEnd(text, start, clamp(end, text.length)));
  const line = (start: number): Range => {
    const end = text.indexOf("\n", start);
    return trimmed(start, end < 0 ? text.length : end);
  };
  const textOf = ({ start, end }: Range): string => text.slice(start.offset, end.offset);
  return { range, trimmed, line, textOf };
}

function clamp(offset: number, length: number): number {
  return Math.min(Math.max(offset, 0), length);
}

/** Between \r and \n there is no place that an editor could show: it becomes the end of their line. */
function inside(text: string, offset: number): number {
  const place = clamp(offset, text.length);
  return text.startsWith("\r\n", place - 1) && place > 0 ? place - 1 : place;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && " \t\r\n".includes(text.charAt(last - 1))) {
    last--;
  }
  return last;
}

function position(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return { line: low, column: offset - (starts[low] ?? 0), offset };
}
