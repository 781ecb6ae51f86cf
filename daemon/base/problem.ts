// What is wrong with a text, and where. Problems are values; parsing never throws.

/** Zero-based, as editors count; `offset` is in UTF-16 units from the start of the text. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Half open: `end` is the first position after it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** `message` reads "who: rule, got what; what to do". `fix`, where given, is text to put in `range`'s place. */
export interface Problem {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly range: Range;
  readonly message: string;
  readonly fix?: string;
}
