// The recipe and the plan of a ScaleCrafter golden.
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, recipeOf, tiny } from "../plan/plan-inputs.ts";
import { readGoldenJson } from "./read-golden.ts";

/** What the published run was told, and what it made of it. */
interface ScalecrafterGolden {
  readonly model: "sd15" | "sd21" | "sdxl";
  readonly prompt: string;
  readonly negative: string | null;
  readonly seed: number;
  readonly height: number;
  readonly width: number;
  readonly base: number;
  readonly steps_total: number;
  readonly guidance: number;
  readonly eta: number;
  readonly dilate_tau: number;
  readonly ndcfg_tau: number;
  readonly inflate_tau: number;
  readonly progressive: boolean;
  readonly freeu: Readonly<Record<string, number>> | null;
  readonly dilate: Readonly<Record<string, number>>;
  readonly ndcfg_dilate: Readonly<Record<string, number>>;
  readonly disperse: readonly string[];
  readonly timesteps: readonly number[];
}

export const scalecrafterGolden = (name: string): ScalecrafterGolden =>
  readGoldenJson(`compare/scalecrafter-${name}.json`);

/** Sizes whose tables the goldens use, in pixels of the tiny models. */
const tables: Readonly<Record<string, number>> = { "2x": 128, "2.5x": 160, "4x": 256 };

/** As a user would write it: what the table says is left out. */
function scalecrafterRecipe(name: string): Recipe {
  const golden = scalecrafterGolden(name);
  const side = tables[/\d(\.\d)?x/.exec(name)?.[0] ?? ""] ?? 0;
  return recipeOf({
    name,
    prompts: [golden.prompt],
    negative: golden.negative ?? undefined,
    seed: golden.seed,
    size: { width: golden.width, height: golden.height },
    variant: "published",
    method: "scalecrafter",
    guidance: golden.guidance,
    scalecrafter: {
      steps: golden.steps_total,
      table: { width: side, height: side },
      ...(golden.eta === 1 ? {} : { eta: golden.eta }),
      ...(golden.inflate_tau > 0 ? { inflateTau: golden.inflate_tau } : {}),
      ...(name === "sdxl-4x-disperse" ? { ndcfgTau: 0 } : {}),
      freeu: golden.freeu === null ? "off" : "on",
    },
  });
}

export function scalecrafterPlan(name: string, folder: string): ScalecrafterPlan {
  const { model } = scalecrafterGolden(name);
  const options = optionsOf({ outputFolder: folder, modelName: model });
  return scalecrafterOf(makePlan(scalecrafterRecipe(name), tiny(model), options).plan);
}

type ScalecrafterPlan = Extract<Plan, { method: "scalecrafter" }>;

export function scalecrafterOf(plan: Plan): ScalecrafterPlan {
  if (plan.method !== "scalecrafter") throw new Error("must be planned for ScaleCrafter");
  return plan;
}
