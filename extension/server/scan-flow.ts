// What is inside brackets, from their beginning to their end or to the end of the text.
import { LIST, type Path } from "./meaning.ts";
import { endOfQuoted } from "./scan-scalars.ts";
import type { Spot } from "./spot.ts";

/** Brackets that are open, from outside to inside. */
interface Bracket {
  readonly isList: boolean;
  readonly path: Path;
  readonly keys: string[];
  /** The key whose value is being written. */
  key: string | undefined;
}

/** Behind the closing bracket; or, where the text ends before it, the spot at its end. */
export function scanFlow(text: string, at: number, path: Path): number | Spot | "nothing" {
  const open: Bracket[] = [];
  let place = at;
  let wordStart = at;
  while (place < text.length) {
    const next = skipText(text, place);
    if (next === undefined) return "nothing";
    if (next > place) {
      place = next;
      continue;
    }
    const sign = text.charAt(place);
    if (takeSign(open, sign, { path, word: text.slice(wordStart, place), next: text[place + 1] }))
      wordStart = place + 1;
    place++;
    if (open.length === 0) return place;
  }
  return spotAt(open, text, wordStart);
}

/** Behind a quoted text or a comment that begins here; the place itself where none does. */
function skipText(text: string, at: number): number | undefined {
  const sign = text.charAt(at);
  const before = text.charAt(at - 1);
  if ((sign === '"' || sign === "'") && /[\s,:{[]/.test(before)) return endOfQuoted(text, at);
  if (sign !== "#" || !/\s/.test(before)) return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? undefined : end;
}

interface Around {
  /** Path of the outermost brackets. */
  readonly path: Path;
  /** What stands before the sign. */
  readonly word: string;
  readonly next: string | undefined;
}

/** Whether the sign ends what stands before it. */
function takeSign(open: Bracket[], sign: string, { path, word, next }: Around): boolean {
  const inner = open.at(-1);
  switch (sign) {
    case "{":
    case "[":
      open.push({
        isList: sign === "[",
        path: inner === undefined ? path : pathInside(inner),
        keys: [],
        key: undefined,
      });
      return true;
    case "}":
    case "]":
      open.pop();
      return true;
    case ",":
      if (inner !== undefined) inner.key = undefined;
      return true;
    case ":":
      return next === undefined || /[\s,{}[\]]/.test(next) ? takeKey(inner, word) : false;
    default:
      return false;
  }
}

function takeKey(inner: Bracket | undefined, word: string): boolean {
  if (inner === undefined || inner.isList || inner.key !== undefined) return false;
  const key = word.trim().replace(/^["']|["']$/g, "");
  inner.keys.push(key);
  inner.key = key;
  return true;
}

function pathInside({ isList, path, key }: Bracket): Path {
  if (isList) return [...path, LIST];
  return key === undefined ? path : [...path, key];
}

function spotAt(open: readonly Bracket[], text: string, from: number): Spot | "nothing" {
  const inner = open.at(-1);
  if (inner === undefined) return "nothing";
  const start = from + text.slice(from).search(/\S|$/);
  const kind = inner.isList || inner.key === undefined ? "entry" : "value";
  // A value needs a space before it.
  if (kind === "value" && start === from) return "nothing";
  return { kind, path: pathInside(inner), start, isInFlow: true, before: inner.keys };
}
