// One recipe under several methods, or under its own `compare` changes → plans with one seed, and what cannot be painted.
import { dirname, join } from "node:path";
import { availableMemory } from "../base/available-memory.ts";
import { Failure, type FailureCode, invalidRecipe, notEnoughMemory } from "../base/failure.ts";
import type { Size } from "../base/size.ts";
import type { Plan } from "../plan/plan.ts";
import type { Method, Recipe } from "../recipe/recipe.ts";
import { describeChange, underMethod, whyNoInit } from "./compared-recipes.ts";
import { type Planning, planRecipes } from "./plan-recipes.ts";

export interface ComparisonRequest {
  /** Undefined: the recipe's `compare` changes where it has some, else all methods. */
  readonly methods: readonly Method[] | undefined;
  /** Whether plans are called after their method too, as "dawn-direct". */
  readonly areNamed: boolean;
  /** Whether the built-in model's small picture is painted too, to measure against. */
  readonly measures: boolean;
  /** Of the recipe file; and where the pictures go, absolute too. */
  readonly folder: string;
  readonly output: string;
}

/** Where pictures that are compared go, unless told otherwise. `folder` is the recipe file's. */
export const comparisonFolder = (folder: string, name: string): string =>
  join(folder, "results", `${name}-compare`);

export interface ComparisonPlans {
  /** One at least. */
  readonly planned: readonly { readonly label: string; readonly plan: Plan }[];
  readonly leftOut: readonly { readonly label: string; readonly why: string }[];
  /** At the size that the first stage has; null where it is not asked for, or not of the built-in model. */
  readonly small: Plan | null;
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
  context: Planning,
): Promise<ComparisonPlans> {
  const planOne = async (one: Recipe, warn: Planning["warn"]): Promise<Plan> => {
    const [plan] = await planRecipes([{ ...one, compare: [] }], request.folder, {
      ...context,
      warn,
    });
    return plan as Plan;
  };
  const written = await planOne(recipe, () => {});
  const planned: { readonly label: string; readonly plan: Plan }[] = [];
  const leftOut: { readonly label: string; readonly why: string }[] = [];
  for (const { label, file, recipe: one } of candidates(recipe, written, request)) {
    const placed = { ...one, output: pathOf(file, one, request.output) };
    const plan = whyNoInit(one) ?? (await planOne(placed, context.warn).catch(refusalOf));
    const why = typeof plan === "string" ? plan : tooLarge(plan, context);
    if (why !== null) leftOut.push({ label, why });
    else if (typeof plan !== "string") planned.push({ label, plan });
  }
  if (planned.length === 0) throw invalidRecipe(leftOut[0]?.why ?? "compare: got no method");
  const small = request.measures && written.init === null && isBuiltIn(written, context);
  if (!small) return { planned, leftOut, small: null };
  const cascade = await planOne(underMethod(recipe, "frecas", lastSize(written)), () => {});
  const size = (cascade.stages[0] as Plan["stages"][number]).size;
  const direct = { ...underMethod(recipe, "direct", size), size, stages: undefined };
  const placed = {
    ...withSeed(direct, written),
    name: `${recipe.name}-small`,
    output: pathOf("small", recipe, request.output),
  };
  return { planned, leftOut, small: await planOne(placed, () => {}) };
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

const lastSize = ({ stages }: Plan): Size => (stages.at(-1) as Plan["stages"][number]).size;

/** A random seed is drawn once for all. */
const withSeed = (recipe: Recipe, { prompts }: Plan): Recipe => ({
  ...recipe,
  seed: prompts[0]?.seed,
});

/** One picture is called as the row is; several are counted. */
function pathOf(file: string, { prompts, images = 1 }: Recipe, output: string): string {
  const isOne = prompts.length * images === 1;
  return join(output, isOne ? `${file}.png` : `${file}.{prompt}.{image}.png`);
}

/** What says that a method or change is not for this model, size or recipe. */
const refusals: readonly FailureCode[] = ["recipe.invalid", "model.unsupported", "picture.input"];

function refusalOf(error: unknown): string {
  if (error instanceof Failure && refusals.includes(error.code)) return error.message;
  throw error;
}

function tooLarge({ memory }: Plan, { memoryBytes }: Planning): string | null {
  if (memory.advice === null) return null;
  return notEnoughMemory(memory.peak, memoryBytes ?? availableMemory(), memory.advice).message;
}

const isBuiltIn = ({ model }: Plan, { places }: Planning): boolean =>
  dirname(model.folder) === places.builtIn;
