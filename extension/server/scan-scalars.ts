// Ends of quoted texts and beginnings of comments, in text that may be half written.

/** Behind the closing quote of the text that is quoted from `at` on; undefined where there is none. */
export function endOfQuoted(text: string, at: number): number | undefined {
  const quoted = text.charAt(at) === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^']|'')*'/y;
  quoted.lastIndex = at;
  return quoted.test(text) ? quoted.lastIndex : undefined;
}

/** Where a comment begins in a piece of one line; undefined where there is none. */
export function findComment(words: string): number | undefined {
  const found = /(^|[ \t])#/.exec(words);
  return found === null ? undefined : found.index;
}
