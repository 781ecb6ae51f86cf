// Text to recipes and problems: the parser of the recipe language, for editor, command line and daemon.
// It never throws, reads no file but through `readText`, and fills in no defaults.
import { normalize } from "node:path";
import type { Problem } from "../base/problem.ts";
import { buildRecipe } from "./build-recipe.ts";
import type { Surroundings } from "./check-layer.ts";
import { extendDraft, type Library } from "./extend-draft.ts";
import { findIdle } from "./find-idle.ts";
import { findDocument, type ParsedDocument } from "./find-recipes.ts";
import type { Changes } from "./override.ts";
import { nameTwice } from "./problems.ts";
import { type Draft, readDrafts } from "./read-drafts.ts";
import type { Recipe } from "./recipe.ts";
import { type Variant, varyLayer } from "./vary-layer.ts";

/** Recipes of the documents without errors, in order; problems of all, by place. */
interface Parsed {
  readonly recipes: readonly Recipe[];
  readonly problems: readonly Problem[];
}

/** The same, and which document each recipe comes from. */
export interface ParsedRecipes extends Parsed {
  readonly documents: readonly ParsedDocument[];
}

/** What lies over a text from outside, and what is known of it. */
export interface Override extends Pick<Surroundings, "memory"> {
  /** Key to YAML text, as --set. */
  readonly changes?: Changes;
  /** The name of the one recipe that they are for; without it they lie on every document. */
  readonly only?: string | undefined;
}

/**
 * Reads a recipe file. `file` is its absolute path, where relative paths start; `readText` gives
 * other files' text, or undefined.
 */
export function parseRecipes(
  text: string,
  file: string,
  readText: Surroundings["readText"],
  override: Override = {},
): ParsedRecipes {
  const { memory, only } = override;
  const surroundings: Surroundings = { file: normalize(file), readText, memory };
  const written = readDrafts(text, surroundings, {});
  const drafts = changeDrafts(written, override, (changes) =>
    readDrafts(text, surroundings, changes),
  );
  // Where one recipe is changed, the others extend what is written.
  const library = libraryOf(surroundings, only === undefined ? drafts : written);
  const taken = new Set<string>();
  const parsed = drafts.map((draft) => parseDraft(draft, library, taken));
  return {
    recipes: parsed.flatMap((one) => one.recipes),
    problems: inOrder(parsed.flatMap((one) => one.problems)),
    documents: drafts.map(({ name, range }, index) => ({
      writtenName: written[index]?.name ?? name,
      name,
      range,
      recipes: parsed[index]?.recipes ?? [],
      problems: parsed[index]?.problems ?? [],
    })),
  };
}

/** The drafts with the changes on those that they are for. */
function changeDrafts(
  written: readonly Draft[],
  { changes = {}, only }: Override,
  read: (changes: Changes) => readonly Draft[],
): readonly Draft[] {
  if (Object.keys(changes).length === 0) return written;
  const changed = read(changes);
  if (only === undefined) return changed;
  const target = findDocument(
    only,
    written.map((draft) => draft.name),
  );
  return written.map((draft, index) => (index === target ? (changed[index] ?? draft) : draft));
}

/** Other files are read once for each call. */
function libraryOf(surroundings: Surroundings, drafts: readonly Draft[]): Library {
  const { file: home, readText } = surroundings;
  const shelf = new Map<string, readonly Draft[] | undefined>([[home, drafts]]);
  return (file) => {
    if (!shelf.has(file)) {
      const text = readText(file);
      shelf.set(file, text === undefined ? text : readDrafts(text, { ...surroundings, file }, {}));
    }
    return shelf.get(file);
  };
}

/** `taken` holds the names of the file so far, and is added to. */
function parseDraft(draft: Draft, library: Library, taken: Set<string>): Parsed {
  const extended = extendDraft(draft, library);
  const early = [...draft.problems, ...extended.problems];
  if (hasErrors(early)) {
    return { recipes: [], problems: [...early, ...claim([draft.name], draft, taken)] };
  }
  const varied = varyLayer(extended.layer, draft.name);
  const built = varied.variants.map((variant) => buildVariant(variant, draft));
  const names = [draft.name, ...built.flatMap(({ recipes }) => recipes.flatMap(namesOf))];
  const layers = varied.variants.flatMap((one) => [one, ...one.compare].map(({ layer }) => layer));
  const problems = [
    ...early,
    ...varied.problems,
    ...built.flatMap((one) => one.problems),
    ...claim([...new Set(names)], draft, taken),
  ];
  return hasErrors(problems)
    ? { recipes: [], problems }
    : {
        recipes: built.flatMap((one) => one.recipes),
        problems: [...problems, ...findIdle(layers)],
      };
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

function buildVariant(variant: Variant, draft: Draft): Parsed {
  const compared = variant.compare.map((change) => buildRecipe(change, [], draft));
  const recipes = compared.map((one) => one.recipe);
  const { recipe, problems } = buildRecipe(variant, recipes, draft);
  return {
    recipes: [recipe],
    problems: [...problems, ...compared.flatMap((one) => one.problems)],
  };
}

function namesOf(recipe: Recipe): readonly string[] {
  return [recipe.name, ...recipe.compare.map((one) => one.name)];
}

function claim(names: readonly string[], draft: Draft, taken: Set<string>): readonly Problem[] {
  const twice = names.filter((name) => taken.has(name));
  for (const name of names) {
    taken.add(name);
  }
  return twice.slice(0, 1).map((name) => nameTwice(draft.nameRange, name));
}

/** By place; the same sentence about the same place is said once. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const sayings = problems.map((one): [string, Problem] => [
    `${one.code} ${one.range.start.offset} ${one.range.end.offset} ${one.message}`,
    one,
  ]);
  return [...new Map(sayings).values()].sort(
    (one, other) => one.range.start.offset - other.range.start.offset,
  );
}
