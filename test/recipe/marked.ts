// Texts with a place marked in them: ⟦…⟧ stands around the range that a problem must have.
import type { Range } from "../../daemon/base/problem.ts";

/** The text without its marks, and the range between them as offsets; undefined without marks. */
export function unmark(marked: string): {
  readonly text: string;
  readonly range: readonly [number, number] | undefined;
} {
  const start = marked.indexOf("⟦");
  const text = marked.replace("⟦", "").replace("⟧", "");
  return { text, range: start < 0 ? undefined : [start, marked.indexOf("⟧") - 1] };
}

/** A range as offsets. */
export function offsets({ start, end }: Range): readonly [number, number] {
  return [start.offset, end.offset];
}
