// Names of recipes: where they are given, and where `extends` refers to them.
import { dirname, relative, sep } from "node:path";
import type { Range } from "../../daemon/base/problem.ts";
import { positionsOf } from "../../daemon/recipe/positions.ts";
import { type Draft, readDrafts } from "../../daemon/recipe/read-drafts.ts";
import { documentStart } from "./find-spot.ts";
import { touches } from "./lsp-range.ts";
import type { RecipeText } from "./recipe-text.ts";

/** A recipe's name in the text of a file. */
export interface Mention {
  /** Absolute; where the text is. */
  readonly in: string;
  /** The letters of the name alone; the first line of a recipe that is named by counting. */
  readonly range: Range;
  readonly kind: "name" | "counted" | "reference";
  /** The recipe that is meant: its file and its name there. */
  readonly file: string;
  readonly name: string;
}

/** Every name of a text and every reference from it, in order. */
export function mentionsIn(recipe: RecipeText): readonly Mention[] {
  const letters = lettersOf(recipe.text);
  return draftsOf(recipe).flatMap((draft): readonly Mention[] => {
    const { name, own } = draft;
    const given = own.name?.value === undefined ? undefined : letters(draft.nameRange, name);
    const named: Mention = {
      in: recipe.file,
      range: given ?? draft.firstLine,
      kind: given === undefined ? "counted" : "name",
      file: draft.file,
      name,
    };
    const base = own.extends?.value;
    const range = base && letters(own.extends.valueRange, base.name);
    if (base === undefined || range === undefined) return [named];
    return [named, { in: recipe.file, range, kind: "reference", file: base.file, name: base.name }];
  });
}

/** The name under the cursor: on its letters, or anywhere on what `extends` says. */
export function mentionAt(recipe: RecipeText, offset: number): Mention | undefined {
  const lineOf = (place: number): number => recipe.text.lastIndexOf("\n", place - 1);
  return mentionsIn(recipe).find(
    ({ kind, range }) =>
      kind !== "counted" &&
      (touches(range, offset) || (kind === "reference" && isBefore(range, offset, lineOf))),
  );
}

/** The path in front of a name belongs to the reference. */
function isBefore(range: Range, offset: number, lineOf: (place: number) => number): boolean {
  return offset < range.start.offset && lineOf(offset) === lineOf(range.start.offset);
}

/** Names that `extends` can have at `offset`: of the file's other recipes, then of those nearby. */
export function namesToExtend(recipe: RecipeText, offset: number): readonly string[] {
  const { text, file, readText } = recipe;
  const begin = documentStart(text, offset);
  const others = draftsOf(recipe).filter(
    ({ range }) => documentStart(text, range.start.offset) !== begin,
  );
  const elsewhere = recipe.nearby().flatMap((path) => {
    const other = readText(path);
    const short = relative(dirname(file), path).split(sep).join("/");
    const drafts = other === undefined ? [] : draftsOf({ ...recipe, text: other, file: path });
    return drafts.map(({ name }) => `${short}#${name}`);
  });
  return [...others.map(({ name }) => name), ...elsewhere];
}

/** Of the file's own recipes, in order. */
export function namesIn(recipe: RecipeText): readonly string[] {
  return draftsOf(recipe).map(({ name }) => name);
}

function draftsOf(recipe: RecipeText): readonly Draft[] {
  return readDrafts(recipe.text, recipe, {});
}

/** Where a name's letters are in a value, quotes and path left out; undefined where they are escaped. */
function lettersOf(text: string): (value: Range, name: string) => Range | undefined {
  const positions = positionsOf(text);
  return (value, name) => {
    const at = positions.textOf(value).lastIndexOf(name);
    const start = value.start.offset + at;
    return at < 0 ? undefined : positions.range(start, start + name.length);
  };
}
