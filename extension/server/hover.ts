// What the table of keys says of the key under the cursor, or of the key whose value is under it.
import type { Hover } from "vscode-languageserver";
import type { Range } from "../../daemon/base/problem.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import { at } from "../../daemon/recipe/written.ts";
import { explainField, explainKey } from "./explain.ts";
import { toLspRange, touches } from "./lsp-range.ts";
import { type Meaning, meaningOf } from "./meaning.ts";
import type { RecipeText } from "./recipe-text.ts";
import { type Visited, visitValues } from "./visit-values.ts";
import type { Worth } from "./worth.ts";

/** What is under the cursor: a key, or a word that is a value; and what it is of. */
export interface Pointed extends Meaning {
  readonly range: Range;
  /** Which item of the key's own list it is in, from 0; undefined where it is in none. */
  readonly item: number | undefined;
}

/** Undefined where the cursor is on no key and on no value of one. */
export function pointAt(
  { text, memory }: Pick<RecipeText, "text" | "memory">,
  offset: number,
): Pointed | undefined {
  const document = readYaml(text, memory).findLast(({ root }) => touches(root.range, offset));
  if (document === undefined) return undefined;
  const visited = visitValues(document.root).findLast((one) => rangeUnder(one, offset));
  const range = visited && rangeUnder(visited, offset);
  const meaning = visited && meaningOf(visited.path);
  if (range === undefined || meaning === undefined) return undefined;
  const list = at(document.root, [meaning.key]);
  const item =
    list?.kind === "list" ? list.items.findIndex((one) => touches(one.range, offset)) : -1;
  return { ...meaning, range, item: item < 0 ? undefined : item };
}

/** `worth` is what the key is in the recipe at hand. */
export function hover(pointed: Pointed, worth: Worth = {}): Hover | undefined {
  const { key, field, range } = pointed;
  const value = field === undefined ? explainKey(key, worth) : explainField(key, field, worth);
  if (value === undefined) return undefined;
  return { contents: { kind: "markdown", value }, range: toLspRange(range) };
}

function rangeUnder({ keyRange, value }: Visited, offset: number): Range | undefined {
  if (keyRange !== undefined && touches(keyRange, offset)) return keyRange;
  return value.kind === "scalar" && touches(value.range, offset) ? value.range : undefined;
}
