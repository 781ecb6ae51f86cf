// A YAML value as its author wrote it: plain data, and where each piece stands in the text.
// Not the YAML package's tree: no anchors, tags or comments. Every range lies inside its text.
import type { Problem, Range } from "../base/problem.ts";
import { shorten } from "../base/shorten.ts";

export type Written =
  | {
      readonly kind: "scalar";
      readonly value: Scalar;
      /** The value's letters in the text, without quotes. */
      readonly source: string;
      readonly range: Range;
    }
  | { readonly kind: "list"; readonly items: readonly Written[]; readonly range: Range }
  | { readonly kind: "mapping"; readonly entries: readonly WrittenEntry[]; readonly range: Range };

export type Scalar = string | number | boolean | null;

/** One `key: value`. Where nothing stands after the colon, the value's range is the key's. */
export interface WrittenEntry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Written;
}

/** One YAML document. Where it is not `legible`, `root` is only a guess at what was meant. */
export interface WrittenDocument {
  readonly root: Written;
  readonly firstLine: Range;
  readonly legible: boolean;
  readonly problems: readonly Problem[];
}

/** The value without its places, for a schema. */
export function plain(written: Written): unknown {
  switch (written.kind) {
    case "scalar":
      return written.value;
    case "list":
      return written.items.map(plain);
    case "mapping":
      // fromEntries defines own properties, so a key called __proto__ stays an ordinary key.
      return Object.fromEntries(written.entries.map((entry) => [entry.key, plain(entry.value)]));
    default:
      return written satisfies never;
  }
}

/** What stands at a path of keys and list positions; undefined where nothing does. */
export function at(written: Written, path: readonly PropertyKey[]): Written | undefined {
  return path.reduce<Written | undefined>((node, step) => child(node, step), written);
}

function child(node: Written | undefined, step: PropertyKey): Written | undefined {
  if (node?.kind === "list") {
    return node.items[Number(step)];
  }
  return node?.kind === "mapping"
    ? node.entries.find((entry) => entry.key === step)?.value
    : undefined;
}

const SHOWN_LETTERS = 60;

/** The value in a few words, for "got …". */
export function describe(written: Written | undefined): string {
  switch (written?.kind) {
    case undefined:
      return "nothing";
    case "scalar":
      return describeScalar(written.value);
    case "list":
      return written.items.length === 0 ? "an empty list" : `a list of ${written.items.length}`;
    case "mapping":
      return written.entries.length === 0 ? "an empty mapping" : "a mapping of keys";
    default:
      return written satisfies never;
  }
}

function describeScalar(value: Scalar): string {
  if (typeof value !== "string") {
    return value === null ? "nothing" : String(value);
  }
  return JSON.stringify(shorten(value, SHOWN_LETTERS));
}
