// Every value of a document with the keys on the way to it, parents before children.
import type { Range } from "../../daemon/base/problem.ts";
import type { Written } from "../../daemon/recipe/written.ts";
import { LIST, type Path } from "./meaning.ts";

export interface Visited {
  readonly path: Path;
  /** The key's own letters; undefined for a list's item and for the whole document. */
  readonly keyRange?: Range;
  readonly value: Written;
}

/** Recursion is as deep as the parser lets a text be. */
export function visitValues(value: Written, path: Path = [], keyRange?: Range): readonly Visited[] {
  const visited: Visited = keyRange === undefined ? { path, value } : { path, value, keyRange };
  switch (value.kind) {
    case "scalar":
      return [visited];
    case "list":
      return [visited, ...value.items.flatMap((item) => visitValues(item, [...path, LIST]))];
    case "mapping":
      return [
        visited,
        ...value.entries.flatMap((entry) =>
          visitValues(entry.value, [...path, entry.key], entry.keyRange),
        ),
      ];
    default:
      return value satisfies never;
  }
}
