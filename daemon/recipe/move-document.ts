// A document that was read by itself → the same where it stands in its text. Pieces of a text begin at lines, so columns stay.
import type { Position, Problem, Range } from "../base/problem.ts";
import type { TextPiece } from "./split-documents.ts";
import type { Written, WrittenDocument } from "./written.ts";

/** Every place of it `by` lines and letters later. */
export function moveDocument(
  document: WrittenDocument,
  by: Omit<TextPiece, "text">,
): WrittenDocument {
  if (by.offset === 0) return document;
  const { root, firstLine, legible, problems } = document;
  const range = mover(by);
  return {
    root: moveWritten(root, range),
    firstLine: range(firstLine),
    legible,
    problems: problems.map((problem): Problem => ({ ...problem, range: range(problem.range) })),
  };
}

function mover({ line, offset }: Omit<TextPiece, "text">): (range: Range) => Range {
  const position = (at: Position): Position => ({
    line: at.line + line,
    column: at.column,
    offset: at.offset + offset,
  });
  return ({ start, end }) => ({ start: position(start), end: position(end) });
}

function moveWritten(written: Written, move: (range: Range) => Range): Written {
  const range = move(written.range);
  switch (written.kind) {
    case "scalar":
      return { ...written, range };
    case "list":
      return { kind: "list", items: written.items.map((item) => moveWritten(item, move)), range };
    case "mapping": {
      const entries = written.entries.map(({ key, keyRange, value }) => ({
        key,
        keyRange: move(keyRange),
        value: moveWritten(value, move),
      }));
      return { kind: "mapping", entries, range };
    }
    default:
      return written satisfies never;
  }
}
