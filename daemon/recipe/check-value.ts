// Checks one written value against its key's schema and says what is wrong in the key's own words.
// Looks at no other key. Every problem points at the smallest piece that is wrong.
import type { z } from "zod";
import type { Problem, Range } from "../base/problem.ts";
import type { Explained } from "./keys.ts";
import { nearest } from "./nearest.ts";
import { mistake, unknownKey } from "./problems.ts";
import type { Objection } from "./value-schemas.ts";
import { at, describe, plain, type Written } from "./written.ts";

/** A value, or why there is none. */
export interface Checked<Value> {
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
}

/** The part of a key's row that checking needs. */
export interface Rules<Value> extends Explained {
  readonly fields: Readonly<Record<string, Explained>>;
  readonly schema: z.ZodType<Value>;
}

/** Reads `written` by the rules of a key; `who` is what messages call it. */
export function checkValue<Value>(
  rules: Rules<Value>,
  written: Written,
  who: string,
): Checked<Value> {
  const result = rules.schema.safeParse(plain(written));
  if (result.success) {
    return { value: result.data, problems: [] };
  }
  const subject = { rules, written, who };
  const problems = result.error.issues.flatMap((issue) => toProblems(issue, issue.path, subject));
  return { value: undefined, problems };
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

interface Subject {
  readonly rules: Rules<unknown>;
  readonly written: Written;
  readonly who: string;
}

function toProblems(issue: Issue, path: Path, subject: Subject): readonly Problem[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => strangeField(key, path, subject));
    case "invalid_union":
      return ofUnion(issue, path, subject);
    case "invalid_value":
      return [wrongWord(issue.values, path, subject)];
    case "custom":
      return [objected(issue.params as unknown as Objection, path, subject)];
    default:
      return [ruleBroken([issue], path, subject)];
  }
}

function strangeField(key: string, path: Path, subject: Subject): Problem {
  const around = at(subject.written, path);
  const entries = around?.kind === "mapping" ? around.entries : [];
  const range = entries.find((entry) => entry.key === key)?.keyRange ?? subject.written.range;
  const who = [subject.who, ...path.map(showStep), key].join(" ");
  return unknownKey(range, who, nearest(key, Object.keys(subject.rules.fields)));
}

/** A union complains as the branch that fits the value's kind does; where none fits, as a whole. */
function ofUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  subject: Subject,
): readonly Problem[] {
  const fitting = issue.errors.find((branch) => branch.every((part) => !isOtherKind(part)));
  const isNumber = isQuotedNumber(issue.errors.flat(), at(subject.written, path));
  return fitting === undefined || isNumber
    ? [ruleBroken(issue.errors.flat(), path, subject)]
    : fitting.flatMap((part) => toProblems(part, [...path, ...part.path], subject));
}

function isOtherKind(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

const SWITCHES: Readonly<Record<string, string>> = {
  true: "on",
  yes: "on",
  false: "off",
  no: "off",
};

function wrongWord(values: readonly unknown[], path: Path, subject: Subject): Problem {
  const node = at(subject.written, path);
  const words = values.map(String);
  const word = node?.kind === "scalar" && node.value !== null ? String(node.value) : "";
  const flipped = SWITCHES[word];
  const meant = flipped !== undefined && words.includes(flipped) ? flipped : nearest(word, words);
  return blame(path, subject, {
    code: typeof plainOf(node) === "string" ? "unknown-word" : "bad-value",
    ...(meant === undefined ? {} : { todo: `write ${meant}`, fix: meant }),
  });
}

function objected(objection: Objection, path: Path, subject: Subject): Problem {
  return blame(path, subject, objection);
}

function ruleBroken(issues: readonly Issue[], path: Path, subject: Subject): Problem {
  const node = at(subject.written, path);
  if (node === undefined) {
    return blame(path, subject, { code: "missing-field" });
  }
  const source = node.kind === "scalar" ? node.source : "";
  if (isQuotedNumber(issues, node)) {
    return blame(path, subject, { code: "number-in-quotes", todo: `write ${source}`, fix: source });
  }
  if (["number", "boolean"].includes(typeof plainOf(node)) && wanted(issues).includes("string")) {
    const fix = JSON.stringify(source);
    return blame(path, subject, { code: "text-without-quotes", todo: `write ${fix}`, fix });
  }
  return blame(path, subject, { code: "bad-value" });
}

function wanted(issues: readonly Issue[]): readonly string[] {
  return issues.flatMap((issue) => (issue.code === "invalid_type" ? issue.expected : []));
}

function isQuotedNumber(issues: readonly Issue[], node: Written | undefined): boolean {
  const word = plainOf(node);
  const isWanted = wanted(issues).some((kind) => kind === "number" || kind === "int");
  return isWanted && typeof word === "string" && NUMBER.test(word);
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function plainOf(node: Written | undefined): unknown {
  return node?.kind === "scalar" ? node.value : undefined;
}

/** Fills a sentence with the words of the key or field that `path` leads to. */
function blame(
  path: Path,
  subject: Subject,
  objection: Partial<Objection> & { readonly code: string },
): Problem {
  const field = path.findLast((step) => typeof step === "string");
  const explained = subject.rules.fields[String(field)] ?? subject.rules;
  return mistake(rangeAt(subject.written, path), {
    rule: explained.rule,
    todo: `write for example ${explained.example}`,
    got: describe(at(subject.written, path)),
    ...objection,
    who: [subject.who, ...path.map(showStep)].join(" "),
  });
}

/** People count from 1. */
function showStep(step: PropertyKey): string {
  return String(typeof step === "number" ? step + 1 : step);
}

/** Of the deepest piece on the way that is there. */
function rangeAt(written: Written, path: Path): Range {
  const ends = path.map((_, index) => path.slice(0, path.length - index));
  const found = ends.map((end) => at(written, end)).find((node) => node !== undefined);
  return (found ?? written).range;
}
