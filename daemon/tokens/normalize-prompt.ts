// CLIP's normalizer: NFC, then lower case one character at a time. Whitespace is left as it is,
// since no word of CLIP's contains any.

/** The text whose words CLIP looks up. */
export function normalizePrompt(text: string): string {
  // A whole string would get a Greek final sigma at the end of a word; the reference never writes one.
  return Array.from(text.normalize("NFC"), (character) => character.toLowerCase()).join("");
}
