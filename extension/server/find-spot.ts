// Where in a recipe is the cursor, while the text is half written? A scan of the lines before it, by indentation and
// brackets: the YAML package would give up at the very word that is being typed.
import { LIST, type Path } from "./meaning.ts";
import { scanFlow } from "./scan-flow.ts";
import { endOfQuoted, findComment } from "./scan-scalars.ts";
import type { Spot } from "./spot.ts";

/** One open mapping or list, from outside to inside. */
interface Frame {
  /** Spaces before the key or the dash that opened it; -1 for the recipe. */
  readonly indent: number;
  readonly step: string;
  readonly keys: string[];
  /** Whether its value has begun on its own line, so that deeper lines go on with it. */
  isFull: boolean;
}

/** Undefined inside comments and texts. `offset` is where the cursor is. */
export function findSpot(text: string, offset: number): Spot | undefined {
  const begin = documentStart(text, offset);
  const scan: Scan = { text: text.slice(0, offset), frames: [frame(-1, "")] };
  let at = begin;
  for (;;) {
    const next = scanLine(scan, at);
    if (typeof next !== "number") return next === "nothing" ? undefined : next;
    at = next;
  }
}

/** Where the document around `offset` begins: behind the last line of three dashes. */
export function documentStart(text: string, offset: number): number {
  const marks = [...text.slice(0, offset).matchAll(/^(---|\.\.\.)(?=\s|$).*(\r\n|\r|\n)/gm)];
  const last = marks.at(-1);
  return last === undefined ? 0 : last.index + last[0].length;
}

interface Scan {
  /** Ends at the cursor. */
  readonly text: string;
  readonly frames: Frame[];
}

/** Where to go on, or what the end of the text is. */
type Step = number | Spot | "nothing";

function scanLine(scan: Scan, at: number): Step {
  const { text, frames } = scan;
  const end = lineEnd(text, at);
  const line = text.slice(at, end);
  const isLast = end === text.length && !/[\r\n]$/.test(line);
  const indent = line.search(/[^ ]|$/);
  const rest = line.slice(indent).trimEnd();
  if (rest.startsWith("#") || line.startsWith("---")) return isLast ? "nothing" : end;
  if (rest === "" && !isLast) return end;
  close(frames, indent, /^-(\s|$)/.test(rest));
  return scanContent(scan, { at: at + indent, end, indent, isLast });
}

interface Content {
  readonly at: number;
  /** Behind the line's end. */
  readonly end: number;
  readonly indent: number;
  readonly isLast: boolean;
}

function scanContent(scan: Scan, content: Content): Step {
  const { text, frames } = scan;
  const { at, end, indent, isLast } = content;
  const line = text.slice(at, end);
  const dash = /^-( +|(?=[\r\n]|$))/.exec(line);
  if (dash !== null && !top(frames).isFull) {
    if (dash[1] === "" && isLast) return "nothing";
    frames.push(frame(indent, LIST));
    const width = dash[0].length;
    return scanContent(scan, { ...content, at: at + width, indent: indent + width });
  }
  const key = /^("[^"]*"|'[^']*'|[^\s"'#{}[\],][^:#]*?)[ \t]*:([ \t]+|(?=[\r\n]|$))/.exec(line);
  if (key === null || top(frames).isFull) return scanBare(scan, content);
  const name = (key[1] ?? "").replace(/^["']|["']$/g, "");
  top(frames).keys.push(name);
  frames.push(frame(indent, name));
  // A value needs a space before it.
  if (key[2] === "" && isLast) return "nothing";
  return scanValue(scan, { ...content, at: at + key[0].length }, "value");
}

/** A line without a key: a text that goes on, a list's item, or a key that is being written. */
function scanBare(scan: Scan, content: Content): Step {
  const { frames } = scan;
  if (top(frames).isFull) return content.isLast ? "nothing" : content.end;
  return scanValue(scan, content, "entry");
}

function scanValue(scan: Scan, content: Content, kind: Spot["kind"]): Step {
  const { text, frames } = scan;
  const { at, end, isLast } = content;
  const enclosed = scanEnclosed(text, at, pathOf(frames));
  if (enclosed === undefined) return scanPlain(scan, content, kind);
  if (typeof enclosed !== "number") return enclosed;
  top(frames).isFull = true;
  return isLast ? "nothing" : Math.max(lineEnd(text, enclosed), end);
}

/** Behind brackets or quotes that begin here; undefined where none do. */
function scanEnclosed(text: string, at: number, path: Path): Step | undefined {
  const first = text.charAt(at);
  if (first === "{" || first === "[") return scanFlow(text, at, path);
  if (first !== '"' && first !== "'") return undefined;
  return endOfQuoted(text, at) ?? "nothing";
}

function scanPlain({ text, frames }: Scan, { at, end, isLast }: Content, kind: Spot["kind"]): Step {
  const words = text.slice(at, end);
  const comment = findComment(words);
  if (isLast) {
    const isText = /^[|>]/.test(words) || comment !== undefined;
    const before = kind === "entry" ? top(frames).keys : [];
    return isText ? "nothing" : { kind, path: pathOf(frames), start: at, isInFlow: false, before };
  }
  // A stray word in the recipe itself does not make a text of all that follows.
  top(frames).isFull ||= frames.length > 1 && words.trim() !== "" && comment !== 0;
  return end;
}

/** Closes what a line at this indentation is not inside of. */
function close(frames: Frame[], indent: number, isItem: boolean): void {
  while (frames.length > 1 && isOutside(top(frames), indent, isItem)) frames.pop();
}

/** A list may begin at the indentation of its key. */
function isOutside(inner: Frame, indent: number, isItem: boolean): boolean {
  return isItem && inner.step !== LIST && !inner.isFull
    ? indent < inner.indent
    : indent <= inner.indent;
}

function pathOf(frames: readonly Frame[]): Path {
  return frames.slice(1).map(({ step }) => step);
}

function frame(indent: number, step: string): Frame {
  return { indent, step, keys: [], isFull: false };
}

function top(frames: readonly Frame[]): Frame {
  return frames.at(-1) ?? frame(-1, "");
}

/** Behind the end of the line that `at` is in. */
function lineEnd(text: string, at: number): number {
  const end = /\r\n|\r|\n/g;
  end.lastIndex = at;
  const found = end.exec(text);
  return found === null ? text.length : found.index + found[0].length;
}
