// Indentation and spaces inside the values of a document, from outside to inside.
import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Sheet } from "./format-sheet.ts";

/** `column` is where the node's lines are to begin. What is written in an unusual way stays. */
export function formatNode(node: unknown, column: number, sheet: Sheet): void {
  if (isMap(node) && node.flow !== true) formatMap(node, column, sheet);
  else if (isSeq(node) && node.flow !== true) formatList(node, column, sheet);
  else formatEnclosed(node, sheet);
}

function formatMap(map: YAMLMap, column: number, sheet: Sheet): void {
  for (const pair of map.items) {
    const key = rangeOf(pair.key);
    if (key === undefined || sheet.text.charAt(firstOf(key, sheet)) === "?") continue;
    placeAt(key.start, column, sheet);
    formatValue(pair, column, sheet);
  }
}

/** Where the line's text begins, if the key is what it begins with. */
function firstOf({ start }: Span, { lines, lineAt }: Sheet): number {
  const line = lines[lineAt(start)];
  return line === undefined ? start : line.start + line.indent;
}

function formatValue({ key, value }: Pair, column: number, sheet: Sheet): void {
  const [before, behind] = [rangeOf(key), rangeOf(value)];
  if (before === undefined || behind === undefined) return;
  const between = sheet.text.slice(before.end, behind.start);
  if (/^ *: *$/.test(between) && behind.end > behind.start)
    sheet.replace(before.end, behind.start, ": ");
  formatInside(value, { owner: sheet.lineAt(before.start), column: column + indentStep, sheet });
}

function formatList(list: YAMLSeq, column: number, sheet: Sheet): void {
  for (const item of list.items) {
    const span = rangeOf(item);
    const dash = span && dashBefore(span.start, sheet);
    if (span === undefined || dash === undefined) continue;
    placeAt(dash, column, sheet);
    if (/^ *$/.test(sheet.text.slice(dash + 1, span.start)) && span.end > span.start)
      sheet.replace(dash + 1, span.start, " ");
    formatInside(item, { owner: sheet.lineAt(dash), column: column + indentStep, sheet });
  }
}

/** The dash of an item that begins at `start`; undefined where more than white space and line ends lies between. */
function dashBefore(start: number, { text }: Sheet): number | undefined {
  const found = /-\s*$/.exec(text.slice(0, start));
  return found?.index;
}

interface Inside {
  /** The line of the key or the dash. */
  readonly owner: number;
  readonly column: number;
  readonly sheet: Sheet;
}

/** What stands behind a key or a dash, on its line or below. */
function formatInside(value: unknown, { owner, column, sheet }: Inside): void {
  const span = rangeOf(value);
  if (span === undefined) return;
  if (isScalar(value) && (value.type === "BLOCK_LITERAL" || value.type === "BLOCK_FOLDED")) {
    formatBlockText(span, { owner, column, sheet });
    return;
  }
  if (isCollection(value) && value.flow !== true) {
    formatNode(value, column, sheet);
    return;
  }
  placeAt(span.start, column, sheet);
  followLines(span, sheet);
  formatEnclosed(value, sheet);
}

/** Further lines of a value keep their place beside its first one. */
function followLines({ start, end }: Span, sheet: Sheet): void {
  const [first, last] = [sheet.lineAt(start), sheet.lineAt(Math.max(start, end - 1))];
  const by = sheet.indentOf(first) - (sheet.lines[first]?.indent ?? 0);
  for (let line = first + 1; line <= last; line += 1) moveLine(line, by, sheet);
  if (last > first) sheet.protect(first, last);
}

function moveLine(line: number, by: number, sheet: Sheet): void {
  const { indent = 0, isBlank = true } = sheet.lines[line] ?? {};
  if (!isBlank) sheet.indent(line, indent + by);
}

/** A text below a | or a >: its lines move together. One that says how deep it is moves with its key. */
function formatBlockText({ start, end }: Span, { owner, column, sheet }: Inside): void {
  const header = sheet.lineAt(start);
  const says = sheet.text.slice(start, sheet.lines[header]?.end).replace(/#.*/, "");
  const last = lastOfBlock(header, sheet.lineAt(Math.max(start, end - 1)), says, sheet);
  const { lines } = sheet;
  const first = lines.findIndex(({ isBlank }, line) => line > header && line <= last && !isBlank);
  if (first < 0) return;
  const isExplicit = /\d/.test(says);
  const by = isExplicit
    ? sheet.indentOf(owner) - (lines[owner]?.indent ?? 0)
    : column - (lines[first]?.indent ?? 0);
  for (let line = header + 1; line <= last; line += 1) moveBlockLine(line, by, sheet, first);
  sheet.protect(header + 1, last);
}

/** Blank lines at its end are the text's only where it says +. */
function lastOfBlock(header: number, last: number, says: string, { lines }: Sheet): number {
  if (says.includes("+")) return last;
  return Math.max(
    header,
    lines.findLastIndex(({ isBlank }, line) => line <= last && !isBlank),
  );
}

/** Spaces beyond the text's own indentation are part of it, in a line of nothing else too. */
function moveBlockLine(line: number, by: number, sheet: Sheet, first: number): void {
  const { indent = 0 } = sheet.lines[line] ?? {};
  if (indent >= (sheet.lines[first]?.indent ?? 0)) sheet.indent(line, indent + by);
}

/** Brackets on one line: `{ a: 1, b: 2 }`, `[1, 2]`. Those of several lines keep their lines. */
function formatEnclosed(node: unknown, sheet: Sheet): void {
  const span = rangeOf(node);
  if (span === undefined || !isCollection(node) || node.flow !== true) return;
  const inner = { start: span.start + 1, end: span.end - 1 };
  if (/[\n#]/.test(sheet.text.slice(span.start, span.end))) return;
  const items: readonly unknown[] = node.items;
  const spans = items.map(spanOf);
  const pad = isMap(node) ? " " : "";
  for (const [index, one] of spans.entries()) {
    if (one === undefined) return;
    const from = spans[index - 1]?.end ?? inner.start;
    respace(from, one.start, index === 0 ? pad : ", ", sheet);
    formatItem(items[index], sheet);
  }
  const last = spans.at(-1);
  if (last !== undefined) respace(last.end, inner.end, pad, sheet);
}

function formatItem(item: unknown, sheet: Sheet): void {
  if (!isPair(item)) {
    formatEnclosed(item, sheet);
    return;
  }
  const [key, value] = [rangeOf(item.key), rangeOf(item.value)];
  if (key === undefined || value === undefined || value.start === value.end) return;
  if (/^ *: *$/.test(sheet.text.slice(key.end, value.start)))
    sheet.replace(key.end, value.start, ": ");
  formatEnclosed(item.value, sheet);
}

/** White space with the comma that is in it, or without one where there is to be none. */
function respace(start: number, end: number, wanted: string, { text, replace }: Sheet): void {
  if (text.slice(start, end).trim() === wanted.trim()) replace(start, end, wanted);
}

/** Where a line begins with what is at `start`, it is to begin at `column`. */
function placeAt(start: number, column: number, sheet: Sheet): void {
  const line = sheet.lineAt(start);
  const { start: begin = 0, indent = 0 } = sheet.lines[line] ?? {};
  if (begin + indent === start) sheet.indent(line, column);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function rangeOf(node: unknown): Span | undefined {
  if (!(isScalar(node) || isCollection(node) || isAlias(node)) || node.range == null) return;
  const [start, end] = node.range;
  return { start, end };
}

function spanOf(item: unknown): Span | undefined {
  if (!isPair(item)) return rangeOf(item);
  const [key, value] = [rangeOf(item.key), rangeOf(item.value)];
  return key && { start: key.start, end: Math.max(key.end, value?.end ?? 0) };
}

function isPair(item: unknown): item is Pair {
  return typeof item === "object" && item !== null && "key" in item && "value" in item;
}

const indentStep = 2;
