// What can be folded: recipes, values of several lines, and comments of several lines.
import type { FoldingRange } from "vscode-languageserver";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import type { RecipeText } from "./recipe-text.ts";
import { visitValues } from "./visit-values.ts";

/** Each range of at least two lines, once. */
export function fold({ text, memory }: Pick<RecipeText, "text" | "memory">): FoldingRange[] {
  const values = readYaml(text, memory).flatMap(({ root }) =>
    visitValues(root).map(({ keyRange, value }) => ({
      startLine: (keyRange ?? value.range).start.line,
      endLine: value.range.end.line,
    })),
  );
  const ranges = [...values, ...comments(text)].filter((one) => one.endLine > one.startLine);
  const once = new Map(ranges.map((one) => [`${one.startLine} ${one.endLine}`, one]));
  return [...once.values()].sort((one, other) => one.startLine - other.startLine);
}

/** Lines that hold nothing but a comment, as far as they follow each other. */
function comments(text: string): readonly FoldingRange[] {
  const lines = text.split(/\r\n|\r|\n/);
  const isComment = (line: number): boolean => /^\s*#/.test(lines[line] ?? "");
  const starts = lines.flatMap((_, line) =>
    isComment(line) && !isComment(line - 1) ? [line] : [],
  );
  return starts.map((startLine) => {
    const end = lines.findIndex((_, line) => line > startLine && !isComment(line));
    return { startLine, endLine: (end < 0 ? lines.length : end) - 1, kind: "comment" };
  });
}
