// Gives tensors other keys by rules on the beginnings of keys. Moves and reads nothing.
import type { StoredTensor } from "./stored-tensor.ts";

/** What a key may begin with (or be), up to a dot, and what stands there instead. */
export type KeyRule = readonly [from: string, to: string];

/** A tensor under its new key, with the one that the file has. */
export interface RenamedTensor {
  readonly key: string;
  readonly original: string;
  readonly stored: StoredTensor;
}

/** Tensors below `prefix` that a rule knows, the longest rule first; the others are left out. */
export function renameKeys(
  tensors: ReadonlyMap<string, StoredTensor>,
  prefix: string,
  rules: readonly KeyRule[],
): readonly RenamedTensor[] {
  const known = new Map(rules);
  return [...tensors].flatMap(([original, stored]) => {
    if (!original.startsWith(prefix)) return [];
    const key = renameKey(original.slice(prefix.length), known);
    return key === undefined ? [] : [{ key, original, stored }];
  });
}

/** `key` by the longest rule that knows its beginning; undefined where none does. */
export function renameKey(key: string, rules: ReadonlyMap<string, string>): string | undefined {
  for (let end = key.length; end > 0; end = key.lastIndexOf(".", end - 1)) {
    const to = rules.get(key.slice(0, end));
    if (to !== undefined) return to + key.slice(end);
  }
  return undefined;
}
