// The recipes of a file and their keys, for the outline, the breadcrumbs and "go to symbol".
import type { DocumentSymbol } from "vscode-languageserver";
import type { Range } from "../../daemon/base/problem.ts";
import { readDrafts } from "../../daemon/recipe/read-drafts.ts";
import { readYaml } from "../../daemon/recipe/read-yaml.ts";
import { describe, type Written, type WrittenEntry } from "../../daemon/recipe/written.ts";
import { toLspRange } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";

/** One symbol a document, its keys inside. */
export function outline(recipe: RecipeText): DocumentSymbol[] {
  const documents = readYaml(recipe.text, recipe.memory);
  const drafts = readDrafts(recipe.text, recipe, {});
  return drafts.map(({ name, nameRange, range }, index): DocumentSymbol => {
    const whole = around(range, nameRange);
    const symbol = { name, kind: KIND.recipe, selectionRange: toLspRange(nameRange) };
    return { ...symbol, range: toLspRange(whole), children: keysOf(documents[index]?.root) };
  });
}

function keysOf(root: Written | undefined): DocumentSymbol[] {
  return root?.kind === "mapping" ? root.entries.map(toSymbol) : [];
}

function toSymbol({ key, keyRange, value }: WrittenEntry): DocumentSymbol {
  return {
    name: key === "" ? '""' : key,
    detail: value.kind === "scalar" ? value.source : describe(value),
    kind: KIND.key,
    range: toLspRange(around(value.range, keyRange)),
    selectionRange: toLspRange(keyRange),
  };
}

/** The smallest range that holds both. */
function around(one: Range, other: Range): Range {
  return {
    start: one.start.offset < other.start.offset ? one.start : other.start,
    end: one.end.offset > other.end.offset ? one.end : other.end,
  };
}

/** SymbolKind of the protocol: Object and Property. */
const KIND = { recipe: 19, key: 7 } as const;
