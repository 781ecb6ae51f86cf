// A file's text to its drafts: each document's own settings and name, before anything is extended.
// A draft may be full of mistakes; it is kept so that others can still refer to it.
import { basename } from "node:path";
import type { Problem, Range } from "../base/problem.ts";
import { checkLayer, problemsOf, type Surroundings } from "./check-layer.ts";
import { type Changes, override } from "./override.ts";
import { notAMapping } from "./problems.ts";
import { readYaml } from "./read-yaml.ts";
import type { Layer } from "./setting.ts";
import { stackLayers } from "./stack-layers.ts";
import { describe, type WrittenDocument } from "./written.ts";

/** One document of a file. */
export interface Draft {
  readonly file: string;
  readonly name: string;
  /** Where the name is written, or the first line where it is not. */
  readonly nameRange: Range;
  readonly firstLine: Range;
  readonly range: Range;
  readonly own: Layer;
  /** Whether its keys could be read at all. */
  readonly legible: boolean;
  readonly problems: readonly Problem[];
}

/** Every document of `text` with its keys checked; `changes` lie on top of each. */
export function readDrafts(
  text: string,
  surroundings: Surroundings,
  changes: Changes,
): readonly Draft[] {
  const drafts = readYaml(text, surroundings.memory).map((document) =>
    readDraft(document, surroundings, changes),
  );
  const written = new Set(drafts.map((draft) => draft.own.name?.value));
  const defaults = defaultNames(surroundings.file, written);
  return drafts.map((draft) => ({
    ...draft,
    name: draft.own.name?.value ?? defaults.next().value,
    nameRange: draft.own.name?.valueRange ?? draft.firstLine,
  }));
}

function readDraft(
  document: WrittenDocument,
  surroundings: Surroundings,
  changes: Changes,
): Omit<Draft, "name" | "nameRange"> {
  const { root, firstLine, legible } = document;
  const { file } = surroundings;
  if (root.kind !== "mapping") {
    const strange = legible ? [notAMapping(root.range, describe(root))] : [];
    const problems = [...document.problems, ...strange];
    return { file, firstLine, range: root.range, own: {}, legible: false, problems };
  }
  const below = checkLayer(root.entries, surroundings);
  const above = override(changes, surroundings, firstLine);
  const own = stackLayers(below.layer, above.layer);
  const found = [
    ...strayProblems(below.problems, below.layer),
    ...problemsOf(own),
    ...above.problems,
  ];
  const problems = [...document.problems, ...(legible ? found : [])];
  return { file, firstLine, range: root.range, own, legible, problems };
}

/** Problems of no setting: they stay, while a setting's go with it when a change replaces it. */
function strayProblems(problems: readonly Problem[], layer: Layer): readonly Problem[] {
  const settled = new Set(problemsOf(layer));
  return problems.filter((problem) => !settled.has(problem));
}

/** The file's stem, then with numbers, passing over names that are written in the file. */
function* defaultNames(
  file: string,
  written: ReadonlySet<string | undefined>,
): Generator<string, never> {
  const stem = basename(file).replace(/\.[^.]*$/, "");
  const word = stem.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "-") || "recipe";
  for (let count = 1; ; count++) {
    const name = count === 1 ? word : `${word}-${count}`;
    if (!written.has(name)) {
      yield name;
    }
  }
}
