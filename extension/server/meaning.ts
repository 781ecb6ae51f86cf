// What a place in a recipe means, from the keys on the way to it. Lists count as one step, LIST.
import { isKeyName, KEYS, type Key, type KeyName } from "../../daemon/recipe/keys.ts";

/** The step into a list, whichever of its items is meant. */
export const LIST = "[]";

/** Keys from the recipe down to a value, LIST for each list on the way. */
export type Path = readonly string[];

/** A key of the language, or one of the keys inside its value. */
export interface Meaning {
  readonly key: KeyName;
  /** Undefined for the key itself. */
  readonly field?: string;
  /** Whether the place is an item of the key's list. */
  readonly isItem: boolean;
}

/** What the value at `path` is of; undefined where the language has nothing there. */
export function meaningOf(path: Path): Meaning | undefined {
  const [key = "", ...inner] = withoutChange(path);
  if (!isKeyName(key)) return undefined;
  const isItem = inner[0] === LIST;
  const [field, ...deeper] = isItem ? inner.slice(1) : inner;
  if (field === undefined) return { key, isItem };
  const known = Object.hasOwn(KEYS[key].fields, field) && deeper.length === 0;
  return known && isItem === isList(key) ? { key, field, isItem } : undefined;
}

/** Where the keys of a mapping come from. */
export type Scope =
  | { readonly kind: "recipe" | "change" | "sweep" }
  | { readonly kind: "fields"; readonly key: KeyName };

/** What keys the mapping at `path` can have; undefined where it is no mapping of the language. */
export function scopeOf(path: Path): Scope | undefined {
  const [first, second] = path;
  if (first === undefined) return { kind: "recipe" };
  if (first === "sweep" && path.length === 1) return { kind: "sweep" };
  if (first === "compare" && second === LIST && path.length === 2) return { kind: "change" };
  const meaning = meaningOf(path);
  if (meaning === undefined || meaning.field !== undefined) return undefined;
  const { key, isItem } = meaning;
  return hasFields(key) && isItem === isList(key) ? { kind: "fields", key } : undefined;
}

/** Whether a key's value is a list of mappings, rather than one mapping. */
export function isList(key: KeyName): boolean {
  return /^[-[]/.test(KEYS[key].example);
}

/** Whether there are keys inside the key's value. */
export function hasFields(key: KeyName): boolean {
  const { fields }: Key = KEYS[key];
  return Object.keys(fields).length > 0;
}

/** Steps from the key on that is compared or swept. */
function withoutChange(path: Path): Path {
  const [first, second, third, ...rest] = path;
  if (first === "compare" && second === LIST && third !== undefined) return [third, ...rest];
  if (first === "sweep" && second !== undefined && (third ?? LIST) === LIST)
    return [second, ...rest];
  return path;
}
