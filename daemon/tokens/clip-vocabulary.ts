// The numbers of CLIP's tokens, which follow from its merges: bytes, bytes that end a word, merged pairs, start and end.
// Reference: openai/CLIP clip/simple_tokenizer.py.

/** Token → id. */
export function clipIds(
  merges: readonly (readonly [string, string])[],
): Readonly<Record<string, number>> {
  const bytes = byteLetters();
  const tokens = [
    ...bytes,
    ...bytes.map((letter) => `${letter}</w>`),
    ...merges.map((pair) => pair.join("")),
    "<|startoftext|>",
    "<|endoftext|>",
  ];
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

/** A letter for each byte: those that can be seen stand for themselves and come first; the others follow from U+0100 on. */
function byteLetters(): readonly string[] {
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  const shows = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  const hidden = all.filter((byte) => !shows(byte)).map((_, index) => 256 + index);
  return [...all.filter(shows), ...hidden].map((code) => String.fromCharCode(code));
}
