// Where in a prompt the tokens end that were kept. Tokens know bytes of the normalized text, people see
// characters of their own; a character of which a part is lost counts as lost.

/**
 * UTF-16 offset of the first character that is not wholly inside the first `bytes` bytes (UTF-8 of the
 * normalized text without its whitespace); the text's length where all of it is. `normalize` is the tokenizer's.
 */
export function findCut(text: string, bytes: number, normalize: (text: string) => string): number {
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter("en").segment(text)) {
    const words = normalize(segment).replace(/\p{White_Space}/gu, "");
    end += Buffer.byteLength(words);
    if (end > bytes) return index;
  }
  return text.length;
}
