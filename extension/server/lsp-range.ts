// The parser's ranges as the Language Server Protocol has them. Both count UTF-16 units from zero.
import type { Range as LspRange } from "vscode-languageserver";
import type { Range } from "../../daemon/base/problem.ts";

/** A range of the parser for the editor. */
export function toLspRange({ start, end }: Range): LspRange {
  return {
    start: { line: start.line, character: start.column },
    end: { line: end.line, character: end.column },
  };
}

/** Whether a place, as an offset, touches a range: its end counts, for a cursor stands behind the last letter. */
export function touches({ start, end }: Range, offset: number): boolean {
  return start.offset <= offset && offset <= end.offset;
}
