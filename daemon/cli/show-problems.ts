// Problems as pictures for people: the line, and a caret under what is meant.
import type { Problem } from "../base/problem.ts";

const mostColumns = 200;

/** `file` as the user wrote it; one text of several lines for each problem. */
export function showProblems(file: string, text: string, problems: readonly Problem[]): string[] {
  const lines = text.split(/\r?\n/);
  return problems.map((problem) => {
    const { start, end } = problem.range;
    const whole = (lines[start.line] ?? "").replaceAll("\t", " ");
    // A file without line ends, such as one that is no recipe at all, is shown from the place itself.
    const from = start.column < mostColumns ? 0 : start.column;
    const line = whole.slice(from, from + mostColumns);
    const last = end.line === start.line ? Math.min(end.column - from, line.length) : line.length;
    const column = start.column - from;
    const carets = "^".repeat(Math.max(1, last - column));
    const margin = String(start.line + 1);
    const fix =
      problem.fix === undefined ? [] : [`${" ".repeat(margin.length)} = instead: ${problem.fix}`];
    return [
      `${file}:${start.line + 1}:${start.column + 1}: ${problem.severity}: ${problem.message} [${problem.code}]`,
      `${margin} | ${line}`,
      `${" ".repeat(margin.length)} | ${" ".repeat(column)}${carets}`,
      ...fix,
    ].join("\n");
  });
}
