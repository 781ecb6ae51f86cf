// A text of several YAML documents → one text for each, so that what has not changed need not be read again.
// Documents share nothing, but for directives, which recipes do not need.

/** A piece of a text, and where it begins there. */
export interface TextPiece {
  readonly text: string;
  readonly offset: number;
  /** As editors count: \n, \r\n and a lone \r each end a line. */
  readonly line: number;
}

/**
 * Cut before each line of three dashes: YAML ends everything there, texts in quotes and brackets too. A text with a directive
 * or a line of three dots, behind which another one may follow, stays whole.
 */
export function splitDocuments(text: string): readonly TextPiece[] {
  const whole = { text, offset: 0, line: 0 };
  if (/^(%|\.\.\.)/m.test(text)) return [whole];
  const cuts = [0, ...Array.from(text.matchAll(/\n---(?=[ \t\r\n]|$)/g), ({ index }) => index + 1)];
  const pieces: TextPiece[] = [];
  let line = 0;
  for (const [index, offset] of cuts.entries()) {
    const piece = text.slice(offset, cuts[index + 1]);
    pieces.push({ text: piece, offset, line });
    line += piece.match(/\r\n|\r|\n/g)?.length ?? 0;
  }
  return pieces;
}
