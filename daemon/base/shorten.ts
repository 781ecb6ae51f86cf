// A text that has to fit into little room.

/** At most so many letters, the last one "…" where more would follow; no letter of two code units is cut in two. */
export function shorten(text: string, mostLetters: number): string {
  // Of a long text only the beginning is taken apart; a letter has two code units at most.
  const letters = [...text.slice(0, 2 * (mostLetters + 1))];
  if (letters.length <= mostLetters) return text;
  return `${letters
    .slice(0, mostLetters - 1)
    .join("")
    .trimEnd()}…`;
}
