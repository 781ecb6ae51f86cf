// YAML text to written values with their places. Knows nothing of recipes.
// Nesting is measured on the flat token stream before anything recursive runs, so no text can
// exhaust the stack; aliases are refused, so none can blow up.
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  Parser,
  type YAMLError,
} from "yaml";
import type { Problem, Range } from "../base/problem.ts";
import { type DocumentMemory, noMemory } from "./document-memory.ts";
import { moveDocument } from "./move-document.ts";
import { type Positions, positionsOf } from "./positions.ts";
import {
  aliasRefused,
  keyNotText,
  keyTwice,
  nestedTooDeep,
  yamlDoubt,
  yamlMistake,
} from "./problems.ts";
import { splitDocuments } from "./split-documents.ts";
import type { Scalar, Written, WrittenDocument, WrittenEntry } from "./written.ts";

/** Reads every document that says something; comments and empty documents are passed over. */
export function readYaml(
  text: string,
  memory: DocumentMemory = noMemory,
): readonly WrittenDocument[] {
  return splitDocuments(text).flatMap((piece) =>
    memory.read(piece.text, () => readPiece(piece.text)).map((one) => moveDocument(one, piece)),
  );
}

function readPiece(text: string): readonly WrittenDocument[] {
  const positions = positionsOf(text);
  const tooDeep = new Set<number>();
  const composer = new Composer({
    prettyErrors: false,
    uniqueKeys: false,
    schema: "core",
    merge: false,
    resolveKnownTags: false,
    logLevel: "silent",
  });
  const documents = [...composer.compose(shallow(new Parser().parse(text), tooDeep))];
  return documents.flatMap((document) => {
    const read = tooDeep.has(document.range?.[0] ?? -1)
      ? unread(document, positions)
      : readDocument(document, positions);
    return read.problems.length === 0 && isNothing(read.root) ? [] : [read];
  });
}

const DEEPEST = 32;

function* shallow(tokens: Iterable<CST.Token>, tooDeep: Set<number>): Generator<CST.Token> {
  for (const token of tokens) {
    if (token.type === "document" && depth(token) > DEEPEST) {
      tooDeep.add(token.offset);
      yield { type: "document", offset: token.offset, start: token.start };
    } else {
      yield token;
    }
  }
}

/** Without recursion: a token tree may be a million levels deep. */
function depth(document: CST.Document): number {
  let level: readonly CST.Token[] = document.value === undefined ? [] : [document.value];
  let depthSoFar = 0;
  while (level.length > 0 && depthSoFar <= DEEPEST) {
    level = level.flatMap(children);
    depthSoFar++;
  }
  return depthSoFar;
}

function children(token: CST.Token): readonly CST.Token[] {
  const items = "items" in token ? token.items : [];
  return items.flatMap((item) => [item.key, item.value].filter((part) => part != null));
}

function unread(document: Document.Parsed, positions: Positions): WrittenDocument {
  const firstLine = positions.line(document.range[0]);
  const root: Written = { kind: "scalar", value: null, source: "", range: firstLine };
  return { root, firstLine, legible: false, problems: [nestedTooDeep(firstLine, DEEPEST)] };
}

function readDocument(document: Document.Parsed, positions: Positions): WrittenDocument {
  const found = document.contents;
  const whole = positions.trimmed(found?.range[0] ?? 0, found?.range[1] ?? 0);
  const reader: Reader = { positions, refused: [], doubled: [] };
  const root = readNode(found, whole, reader);
  const faults = [
    ...document.errors.map((error) => ofYaml(error, positions)),
    ...document.warnings.map((warning) => ofYaml(warning, positions)),
    ...reader.refused,
  ];
  return {
    root,
    firstLine: positions.line(whole.start.offset),
    legible: faults.every((fault) => fault.severity === "warning"),
    problems: [...faults, ...reader.doubled],
  };
}

function ofYaml(error: YAMLError, positions: Positions): Problem {
  if (error.code === "BLOCK_AS_IMPLICIT_KEY") {
    return colonInText(positions.line(error.pos[0]), positions);
  }
  const range = positions.trimmed(error.pos[0], error.pos[1]);
  return error.name === "YAMLWarning" && error.code !== "TAG_RESOLVE_FAILED"
    ? yamlDoubt(range, error.message)
    : yamlMistake(range, error.code, error.message);
}

/** The commonest slip: a text with a colon in it. Where it is one plain text, quotes mend it. */
function colonInText(line: Range, positions: Positions): Problem {
  const text = positions.textOf(line);
  const problem = yamlMistake(line, "BLOCK_AS_IMPLICIT_KEY", "a colon and a space in a text");
  return /^[\p{L}\p{N}][^"'#{}[\]]*$/u.test(text)
    ? { ...problem, fix: JSON.stringify(text) }
    : problem;
}

interface Reader {
  readonly positions: Positions;
  /** Problems that leave a value unknown. */
  readonly refused: Problem[];
  /** Problems beside which the rest can still be read. */
  readonly doubled: Problem[];
}

/** `around` is the range of a value that is not there. */
function readNode(node: unknown, around: Range, reader: Reader): Written {
  const range = rangeOf(node, around, reader.positions);
  if (isMap(node)) {
    return { kind: "mapping", entries: readEntries(node.items, range, reader), range };
  }
  if (isSeq(node)) {
    return { kind: "list", items: node.items.map((item) => readNode(item, range, reader)), range };
  }
  if (isAlias(node)) {
    reader.refused.push(aliasRefused(range, node.source));
  }
  const scalar = isScalar(node) ? node : { value: null, source: "" };
  return { kind: "scalar", value: scalarOf(scalar.value), source: scalar.source ?? "", range };
}

function rangeOf(node: unknown, around: Range, positions: Positions): Range {
  if (!(isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)) || node.range == null) {
    return around;
  }
  const isOneLine = isScalar(node) && node.type !== "BLOCK_LITERAL" && node.type !== "BLOCK_FOLDED";
  const range = positions[isOneLine ? "range" : "trimmed"](node.range[0], node.range[1]);
  return range.start.offset === range.end.offset ? around : range;
}

/** A zero has no sign here: -0 and 0 would make the same picture and print differently. */
function scalarOf(value: unknown): Scalar {
  switch (typeof value) {
    case "number":
      return value === 0 ? 0 : value;
    case "string":
    case "boolean":
      return value;
    default:
      return null;
  }
}

function readEntries(
  pairs: readonly Pair[],
  around: Range,
  reader: Reader,
): readonly WrittenEntry[] {
  const entries = new Map<string, WrittenEntry>();
  for (const pair of pairs) {
    const keyRange = rangeOf(pair.key, around, reader.positions);
    if (!isScalar(pair.key) || pair.key.value === null) {
      reader.refused.push(keyNotText(keyRange));
      continue;
    }
    const key = String(pair.key.value);
    if (entries.has(key)) {
      reader.doubled.push(keyTwice(keyRange, key));
      continue;
    }
    entries.set(key, { key, keyRange, value: readNode(pair.value, keyRange, reader) });
  }
  return [...entries.values()];
}

function isNothing(written: Written): boolean {
  return written.kind === "scalar" && written.value === null;
}
