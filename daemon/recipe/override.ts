// Changes from outside the text, such as --set key=value: a last layer on every document of a file.
// They are checked like written keys; their problems stand on the document's first line.
import type { Problem, Range } from "../base/problem.ts";
import { type CheckedLayer, checkLayer, type Surroundings } from "./check-layer.ts";
import { moveLayer } from "./move-layer.ts";
import { mistake } from "./problems.ts";
import { readYaml } from "./read-yaml.ts";
import type { Written, WrittenEntry } from "./written.ts";

/** Values as YAML text under their keys. */
export type Changes = Readonly<Record<string, string>>;

/** The changes as a layer that stands on `firstLine`. */
export function override(
  changes: Changes,
  surroundings: Surroundings,
  firstLine: Range,
): CheckedLayer {
  const read = Object.entries(changes).map(([key, text]) => readChange(key, text));
  const entries = read.flatMap((change) => change.entry ?? []);
  const checked = checkLayer(entries, surroundings, flag);
  const problems = [...read.flatMap((change) => change.problems), ...checked.problems];
  return {
    layer: moveLayer(checked.layer, { range: firstLine, name: flag, origin: "change" }),
    problems: problems.map((problem) => onLine(problem, firstLine)),
  };
}

function flag(key: string): string {
  return `--set ${key}`;
}

const START = { line: 0, column: 0, offset: 0 };
const NOWHERE: Range = { start: START, end: START };
const NOTHING: Written = { kind: "scalar", value: null, source: "", range: NOWHERE };

function readChange(
  key: string,
  text: string,
): { readonly entry?: WrittenEntry; readonly problems: readonly Problem[] } {
  const documents = readYaml(text);
  const faults = documents.flatMap((document) => document.problems);
  if (faults.length > 0) {
    const problems = faults.map((fault) => ({
      ...fault,
      message: `${flag(key)}: ${fault.message}`,
    }));
    return { problems };
  }
  return documents.length > 1
    ? { problems: [severalValues(key)] }
    : { entry: { key, keyRange: NOWHERE, value: documents[0]?.root ?? NOTHING }, problems: [] };
}

function severalValues(key: string): Problem {
  return mistake(NOWHERE, {
    code: "bad-value",
    who: flag(key),
    rule: "must be one value",
    got: "several YAML documents",
    todo: "put quotes around a text that holds ---",
  });
}

/** A fix is text for a place in the changes, which are not in this file. */
function onLine(problem: Problem, firstLine: Range): Problem {
  const { fix: _, ...rest } = problem;
  return { ...rest, range: firstLine };
}
