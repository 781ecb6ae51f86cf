// Which of two versions of this program came later.

const byNumbers = new Intl.Collator("en", { numeric: true });

/** Both are numbers with points between them. */
export function isNewer(version: string, other: string): boolean {
  return byNumbers.compare(version, other) > 0;
}
