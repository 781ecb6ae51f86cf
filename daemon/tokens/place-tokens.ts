// Where in a prompt its tokens stand. Tokens know bytes of the normalized text, people see characters of their own.

/** UTF-16 offsets in the text as it was written: the first character, and the one after the last. */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * The characters of which each token holds a part, from the tokens' lengths in bytes (UTF-8 of the normalized text without
 * its whitespace); null for a token that holds none. `normalize` is the tokenizer's.
 */
export function placeTokens(
  text: string,
  lengths: readonly number[],
  normalize: (text: string) => string,
): readonly (TextPlace | null)[] {
  const owners = ownersOfBytes(text, normalize);
  let at = 0;
  return lengths.map((length) => {
    const [first, last] = [owners[at], owners[at + length - 1]];
    at += length;
    if (length === 0 || first === undefined || last === undefined) return null;
    return { start: first.start, end: last.end };
  });
}

/** For each byte of the normalized text without whitespace: the character that it comes from. */
function ownersOfBytes(text: string, normalize: (text: string) => string): readonly TextPlace[] {
  return [...new Intl.Segmenter("en").segment(text)].flatMap(({ segment, index }) => {
    const bytes = Buffer.byteLength(normalize(segment).replace(/\p{White_Space}/gu, ""));
    return Array<TextPlace>(bytes).fill({ start: index, end: index + segment.length });
  });
}
