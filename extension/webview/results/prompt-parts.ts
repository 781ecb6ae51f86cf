// A prompt as its words, which have maps, and what stands between them.

export type PromptPart =
  | { readonly kind: "between"; readonly text: string }
  /** `index` is the place of the word's map. */
  | { readonly kind: "word"; readonly text: string; readonly index: number };

/** All of the prompt, in order; `words` are in its order and do not overlap. */
export function promptParts(
  prompt: string,
  words: readonly { readonly start: number; readonly end: number }[],
): readonly PromptPart[] {
  let at = 0;
  const parts: PromptPart[] = [];
  for (const [index, { start, end }] of words.entries()) {
    if (start > at) parts.push({ kind: "between", text: prompt.slice(at, start) });
    parts.push({ kind: "word", text: prompt.slice(start, end), index });
    at = end;
  }
  if (at < prompt.length) parts.push({ kind: "between", text: prompt.slice(at) });
  return parts;
}
