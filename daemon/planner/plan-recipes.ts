// Recipes → plans on this machine: finds the model, fixes random seeds, asks how much memory there is.
import { randomInt } from "node:crypto";
import { invalidRecipe } from "../base/failure.ts";
import type { Provider } from "../base/provider.ts";
import { readModelText } from "../base/read-text.ts";
import { type ModelFinder, openModelFinder } from "../catalogue/find-model.ts";
import { withoutT5 } from "../config/model-config.ts";
import { readLoras } from "../config/read-lora.ts";
import { readModel } from "../config/read-model.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { Plan } from "../plan/plan.ts";
import type { ExaminePicture } from "../plan/plan-init.ts";
import { printRecipe } from "../recipe/print-recipe.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { findCuts } from "./find-cuts.ts";
import type { Machine } from "./machine.ts";
import { readProfile } from "./machine-profile.ts";

const defaultModel = "vista";

export interface Planning extends Machine {
  /** What has looked through the machine's folders already; absent: they are looked through where it is necessary. */
  readonly finder?: ModelFinder;
  /** Called with a sentence that begins with the recipe's name. */
  warn(warning: string): void;
}

/** One plan a recipe, and one for each of its `compare` changes. Rejects with Failures. */
export async function planRecipes(
  recipes: readonly Recipe[],
  folder: string,
  context: Planning,
): Promise<readonly Plan[]> {
  const provider = readProfile(context.profile).provider ?? "cpu";
  // A random seed is drawn here, once, so that the pictures of a sweep or a comparison differ by nothing else.
  const drawn = randomInt(2 ** 32);
  const finder = context.finder ?? openModelFinder(context.places);
  const where = { folder, provider, context, finder };
  const plans: Plan[] = [];
  for (const recipe of recipes.flatMap((each) => [each, ...each.compare])) {
    refuseUnpainted(recipe, plans);
    plans.push(await planRecipe(withSeed(recipe, drawn), where));
  }
  refuseSharedOutputs(plans);
  return plans;
}

/** Throws `invalidRecipe` where the pictures of two plans would go to one file. */
function refuseSharedOutputs(plans: readonly Plan[]): void {
  const owners = new Map<string, string>();
  for (const { name, prompts } of plans)
    for (const path of prompts.flatMap(({ outputs }) => outputs)) {
      const owner = owners.get(path);
      if (owner !== undefined)
        throw invalidRecipe(
          `output: must name each picture differently, got ${path} for ${owner} and for ${name}; add {name} to it`,
        );
      owners.set(path, name);
    }
}

/** Throws `invalidRecipe` for a picture that an earlier recipe paints: a plan is of bytes that are there. */
function refuseUnpainted({ name, init, method }: Recipe, plans: readonly Plan[]): void {
  if (init === undefined || (method ?? "frecas") !== "frecas") return;
  const painter = plans.find(({ prompts }) =>
    prompts.some(({ outputs }) => outputs.includes(init.image)),
  );
  if (painter !== undefined)
    throw invalidRecipe(
      `init: image must be there before the run, got ${init.image}, which ${painter.name} paints in the same run; run ${painter.name} first, then ${name}`,
    );
}

interface Where {
  /** Of the recipe file. */
  readonly folder: string;
  readonly provider: Provider;
  readonly context: Planning;
  readonly finder: ModelFinder;
}

async function planRecipe(recipe: Recipe, where: Where): Promise<Plan> {
  const { places, warn } = where.context;
  const { name, folder } = await locateModel(recipe, where);
  const config = readModel(folder, readModelText);
  const { plan, warnings } = makePlan(recipe, config, {
    modelName: name,
    seedForRandom: 0,
    provider: where.provider,
    loras: readLoras(
      (recipe.lora ?? []).map(({ file }) => file),
      config,
    ),
    memoryBytes: where.context.availableBytes(),
    outputFolder: where.folder,
    examinePicture: await lookAtPicture(recipe, where.context),
  });
  const used = plan.model.t5 === "used" ? config : withoutT5(config);
  for (const warning of [...warnings, ...findCuts(recipe, used, places.words)])
    warn(`${recipe.name}: ${warning}`);
  return plan;
}

/** What is known of the recipe's picture, looked at before the plan asks for it; what is wrong with it is told when it asks. */
async function lookAtPicture(
  { init }: Recipe,
  { examinePicture }: Planning,
): Promise<ExaminePicture> {
  const notAsked = new Error("plan: must ask for the recipe's own picture only");
  const facts =
    init === undefined
      ? notAsked
      : await examinePicture(init.image).catch((error: unknown) => error as Error);
  return () => {
    if (facts instanceof Error) throw facts;
    return facts;
  };
}

/** What the picture's own recipe will call the model, and where it is: a path where the author's text was one. */
async function locateModel(
  { model = defaultModel, writtenModel }: Recipe,
  { folder: near, finder }: Where,
): Promise<{ readonly name: string; readonly folder: string }> {
  const written = writtenModel?.text ?? model;
  const folder = await finder.find({ model, written, near });
  return { name: model === written || folder === model ? model : written, folder };
}

/** The recipe with the seed written out, so that the picture's own recipe paints it again. */
function withSeed(recipe: Recipe, drawn: number): Recipe {
  if (recipe.seed !== "random") return recipe;
  const fixed = { ...recipe, seed: drawn };
  return { ...fixed, source: printRecipe(fixed) };
}
