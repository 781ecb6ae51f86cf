// SentencePiece's normalizer: a table of characters, and what stands for each, in a trie of bytes.
// Reference: google/sentencepiece src/normalizer.cc; the trie is Darts-clone's double array, and which characters are
// looked up together is as in huggingface/tokenizers' Precompiled (spm_precompiled), odd as it is.

/** The normalizer of a `precompiled_charsmap`; null where the bytes are none. */
export function characterMap(bytes: Uint8Array): ((text: string) => string) | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? 0 : view.getUint32(0, true);
  if (length === 0 || length % 4 !== 0 || length + 4 > bytes.length) return null;
  const units = Array.from({ length: length / 4 }, (_, index) =>
    view.getUint32(4 + 4 * index, true),
  );
  const texts = bytes.subarray(4 + length);
  const replace = (piece: string): string | undefined => {
    const start = firstMatch(units, Buffer.from(piece));
    return start === undefined ? undefined : textAt(texts, start);
  };
  const segmenter = new Intl.Segmenter("en");
  return (text) =>
    Array.from(segmenter.segment(text), ({ segment }) => normalizeSegment(segment, replace)).join(
      "",
    );
}

/** A short segment is looked up as a whole first, else each of its characters. */
function normalizeSegment(segment: string, replace: (piece: string) => string | undefined): string {
  const whole = Buffer.byteLength(segment) < 6 ? replace(segment) : undefined;
  return whole ?? Array.from(segment, (character) => replace(character) ?? character).join("");
}

/** Where the text begins that stands for the shortest beginning of `key` in the trie. */
function firstMatch(units: readonly number[], key: Uint8Array): number | undefined {
  let place = offsetOf(units[0] ?? 0);
  for (const byte of key) {
    place ^= byte;
    const unit = units[place] ?? 0;
    // The top bit marks a value, which is no label.
    if ((unit & 0x800000ff) !== byte) return undefined;
    place ^= offsetOf(unit);
    if ((unit & 0x100) !== 0) return (units[place] ?? 0) & 0x7fffffff;
  }
  return undefined;
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);

/** Up to the next byte of 0. */
function textAt(texts: Uint8Array, start: number): string {
  const end = texts.indexOf(0, start);
  return Buffer.from(texts.subarray(start, end < 0 ? texts.length : end)).toString();
}
