// Lines between values: comments stand as deep as what they are about, nothing trails, and few lines are blank.
import type { Sheet } from "./format-sheet.ts";

/** After the values have their places. */
export function formatLines(sheet: Sheet): void {
  const { lines, text } = sheet;
  for (const [index, line] of lines.entries()) {
    if (sheet.isProtected(index)) continue;
    if (text.charAt(line.start + line.indent) === "#")
      sheet.indent(index, commentIndent(index, sheet));
    const trailing = /[ ]+$/.exec(text.slice(line.start, line.end))?.[0].length ?? 0;
    if (!line.isBlank && trailing > 0) sheet.replace(line.end - trailing, line.end, "");
  }
  for (const [first, last] of blankRuns(sheet)) trimBlanks(first, last, sheet);
  endLine(sheet);
}

/** As deep as the next line where it was not deeper than that one, else as deep as the one before. */
function commentIndent(index: number, sheet: Sheet): number {
  const { lines, text } = sheet;
  const isContent = (line: number): boolean => {
    const { start = 0, indent = 0, isBlank = true } = lines[line] ?? {};
    return !isBlank && text.charAt(start + indent) !== "#" && !isMark(line, sheet);
  };
  const old = lines[index]?.indent ?? 0;
  const next = lines.findIndex(
    (_, line) => line > index && (isContent(line) || isMark(line, sheet)),
  );
  const before = lines.findLastIndex(
    (_, line) => line < index && isContent(line) && sheet.isPlaced(line),
  );
  if (next >= 0 && isContent(next) && old <= (lines[next]?.indent ?? 0))
    return sheet.indentOf(next);
  if (before < 0) return 0;
  const outer = lines.findLastIndex(
    (line, at) =>
      at <= before && sheet.isPlaced(at) && !sheet.isProtected(at) && line.indent <= old,
  );
  return outer < 0 ? 0 : sheet.indentOf(outer);
}

function isMark(line: number, { text, lines }: Sheet): boolean {
  const { start = 0, end = 0 } = lines[line] ?? {};
  return /^(---|\.\.\.)( |$)/.test(text.slice(start, end));
}

/** Of lines that are no value's. */
function blankRuns(sheet: Sheet): readonly (readonly [number, number])[] {
  const isFree = (line: number): boolean =>
    sheet.lines[line]?.isBlank === true && !sheet.isProtected(line);
  const starts = sheet.lines.flatMap((_, line) =>
    isFree(line) && !isFree(line - 1) ? [line] : [],
  );
  return starts.map((first) => {
    const end = sheet.lines.findIndex((_, line) => line > first && !isFree(line));
    return [first, (end < 0 ? sheet.lines.length : end) - 1];
  });
}

/** One blank line is kept between values; none at the file's ends and beside a `---`. */
function trimBlanks(first: number, last: number, sheet: Sheet): void {
  const { lines } = sheet;
  const isEdge =
    first === 0 || last === lines.length - 1 || isMark(first - 1, sheet) || isMark(last + 1, sheet);
  const begin = lines[first]?.start ?? 0;
  const end = lines[last + 1]?.start ?? sheet.text.length;
  const kept = isEdge ? "" : sheet.text.slice(lines[last]?.end ?? end, end);
  sheet.replace(begin, end, kept);
}

/** A text ends with the end of a line; one that ends inside a block text stays. */
function endLine({ text, lines, isProtected, replace }: Sheet): void {
  const last = lines.length - 1;
  if (!text.endsWith("\n") && lines[last]?.isBlank === false && !isProtected(last))
    replace(text.length, text.length, text.includes("\r\n") ? "\r\n" : "\n");
}
