// Which known word did somebody mean? Edit distance with swapped neighbours as one edit.
// Proposes nothing rather than something far: at most one edit for every three letters.

const LONGEST = 40;

/** The known word closest to `word`, upper and lower case alike; undefined where none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) {
    return undefined;
  }
  const allowed = Math.max(1, Math.floor(word.length / 3));
  const ranked = known
    .map((candidate) => ({ candidate, edits: edits(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter((entry) => entry.edits <= allowed && entry.edits < entry.candidate.length)
    .sort((one, other) => one.edits - other.edits);
  return ranked[0]?.candidate;
}

type Row = readonly number[];

/** Row by row; a row holds the edits from the first letters of `one` to each beginning of `other`. */
function edits(one: string, other: string): number {
  let beforeLast: Row = [];
  let last: Row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        entry(last, column) + 1,
        entry(current, column - 1) + 1,
        entry(last, column - 1) + (isSame ? 0 : 1),
        isSwapped ? entry(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return entry(last, other.length);
}

function entry(row: Row, column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
