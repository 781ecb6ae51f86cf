// One recipe under several methods, or under its own `compare` changes → plans with one seed, and what cannot be painted.
import { dirname, join } from "node:path";
import { Failure, type FailureCode, invalidRecipe, notEnoughMemory } from "../base/failure.ts";
import type { Plan } from "../plan/plan.ts";
import type { Method, Recipe } from "../recipe/recipe.ts";
import { describeChange, lastSize, pathOf, underMethod, whyNoInit } from "./compared-recipes.ts";
import { type Planning, planRecipes } from "./plan-recipes.ts";
import { planSmallPictures } from "./plan-small-pictures.ts";

export interface ComparisonRequest {
  /** Undefined: the recipe's `compare` changes where it has some, else all methods. */
  readonly methods: readonly Method[] | undefined;
  /** Whether plans are called after their method too, as "dawn-direct". */
  readonly areNamed: boolean;
  /** Whether the built-in model's small pictures are painted too, to measure against. */
  readonly measures: boolean;
  /** Of the recipe file; and where the pictures go, absolute too. */
  readonly folder: string;
  readonly output: string;
}

/** Where pictures that are compared go, unless told otherwise. `folder` is the recipe file's. */
export const comparisonFolder = (folder: string, name: string): string =>
  join(folder, "results", `${name}-compare`);

interface PlannedRow {
  readonly label: string;
  readonly plan: Plan;
  /**
   * The model's own picture of the same at the size that the first stage has, one plan for all rows that share it; null where it
   * is not asked for, not of the built-in model, or of another scene.
   */
  readonly small: Plan | null;
}

export interface ComparisonPlans {
  /** One at least. */
  readonly planned: readonly PlannedRow[];
  readonly leftOut: readonly { readonly label: string; readonly why: string }[];
}

/** The published methods, then what they are measured by: one stage. */
export const comparedMethods: readonly Method[] = [
  "frecas",
  "demofusion",
  "scalecrafter",
  "direct",
];

/** Rejects with the recipe's own Failure, or that of the first method where none fits. */
export async function planComparison(
  recipe: Recipe,
  request: ComparisonRequest,
  machine: Planning,
): Promise<ComparisonPlans> {
  // All rows are planned for the same memory, which is also what they are refused by.
  const available = machine.availableBytes();
  const context: Planning = { ...machine, availableBytes: () => available };
  const planOne = async (one: Recipe, warn: Planning["warn"]): Promise<Plan> => {
    const [plan] = await planRecipes([{ ...one, compare: [] }], request.folder, {
      ...context,
      warn,
    });
    return plan as Plan;
  };
  const written = await planOne(recipe, () => {});
  const planned: { readonly label: string; readonly plan: Plan; readonly recipe: Recipe }[] = [];
  const leftOut: { readonly label: string; readonly why: string }[] = [];
  for (const { label, file, recipe: one } of candidates(recipe, written, request)) {
    const placed = { ...one, output: pathOf(file, one, request.output) };
    const plan = whyNoInit(one) ?? (await planOne(placed, context.warn).catch(refusalOf));
    const why = typeof plan === "string" ? plan : tooLarge(plan, available);
    if (why !== null) leftOut.push({ label, why });
    else if (typeof plan !== "string") planned.push({ label, plan, recipe: one });
  }
  if (planned.length === 0) throw invalidRecipe(leftOut[0]?.why ?? "compare: got no method");
  const smalls = await planSmallPictures(
    planned.map((row) => (request.measures && isBuiltIn(row.plan, context) ? row : null)),
    { name: recipe.name, output: request.output, plan: (one) => planOne(one, () => {}) },
  );
  return {
    planned: planned.map(({ label, plan }, index) => ({
      ...{ label, plan },
      small: smalls[index] ?? null,
    })),
    leftOut,
  };
}

interface Candidate {
  readonly label: string;
  /** Of its pictures, without ending. */
  readonly file: string;
  readonly recipe: Recipe;
}

function candidates(
  recipe: Recipe,
  written: Plan,
  { methods, areNamed }: ComparisonRequest,
): readonly Candidate[] {
  if (methods === undefined && recipe.compare.length > 0)
    return [
      { label: "as written", file: "as-written", recipe: withSeed(recipe, written) },
      ...recipe.compare.map((change, index) => ({
        label: describeChange(recipe, change),
        file: `change-${index + 1}`,
        recipe: change.seed === "random" ? withSeed(change, written) : change,
      })),
    ];
  return (methods ?? comparedMethods).map((method) => {
    const changed = withSeed(underMethod(recipe, method, lastSize(written)), written);
    const name = areNamed ? `${recipe.name}-${method}` : recipe.name;
    return { label: method, file: method, recipe: { ...changed, name } };
  });
}

/** A random seed is drawn once for all. */
const withSeed = (recipe: Recipe, { prompts }: Plan): Recipe => ({
  ...recipe,
  seed: prompts[0]?.seed,
});

/** What says that a method or change is not for this model, size or recipe. */
const refusals: readonly FailureCode[] = ["recipe.invalid", "model.unsupported", "picture.input"];

function refusalOf(error: unknown): string {
  if (error instanceof Failure && refusals.includes(error.code)) return error.message;
  throw error;
}

function tooLarge({ memory }: Plan, available: number): string | null {
  if (memory.advice === null) return null;
  return notEnoughMemory(memory.peak, available, memory.advice).message;
}

const isBuiltIn = ({ model }: Plan, { places }: Planning): boolean =>
  dirname(model.folder) === places.builtIn;
