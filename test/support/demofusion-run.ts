// A recorded run of DemoFusion as a recipe, and its plan on this machine.
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { DemofusionPlan } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, recipeOf } from "../plan/plan-inputs.ts";
import { readText } from "./published-run.ts";
import { golden, readGoldenJson } from "./read-golden.ts";

/** The settings that the reference ran with. Sizes in pixels, the rest as in the recipe. */
interface RecordedRun {
  readonly scheduler: "DDIMScheduler" | "EulerDiscreteScheduler";
  readonly prompt: string;
  readonly negative: string;
  readonly seed: number;
  readonly height: number;
  readonly width: number;
  readonly steps_per_phase: number;
  readonly guidance: number;
  readonly stride: number;
  readonly view_batch_size: number;
  readonly multi_decoder: boolean;
  readonly cosine_scale_1: number;
  readonly cosine_scale_2: number;
  readonly cosine_scale_3: number;
  readonly sigma: number;
}

/** The plan of `compare/demofusion-{name}.json`, its picture going to `folder`. */
export function planOfDemofusion(
  name: string,
  folder: string,
  changes: Partial<Recipe> = {},
): DemofusionPlan {
  const run = readGoldenJson<RecordedRun>(`compare/demofusion-${name}.json`);
  const recipe = recipeOf({
    prompts: [run.prompt],
    negative: run.negative,
    seed: run.seed,
    guidance: run.guidance,
    size: { width: run.width, height: run.height },
    tiling: run.multi_decoder ? "on" : "off",
    variant: "published",
    method: "demofusion",
    demofusion: {
      steps: run.steps_per_phase,
      stride: run.stride,
      cosineScales: [run.cosine_scale_1, run.cosine_scale_2, run.cosine_scale_3],
      sigma: run.sigma,
      sampler: run.scheduler === "DDIMScheduler" ? "ddim" : "euler",
      windowsAtOnce: run.view_batch_size,
    },
    output: `${folder}/{prompt}.{image}.png`,
    ...changes,
  });
  const model = readModelConfig(golden("models/sdxl"), readText);
  const { plan } = makePlan(recipe, model, optionsOf({ modelName: "sdxl" }));
  if (plan.method !== "demofusion") throw new Error("must be planned for DemoFusion");
  return plan;
}

/** The same run with its windows in calls of as many as the reference made. */
export function inBatches(plan: DemofusionPlan): DemofusionPlan {
  const { demofusion } = plan;
  return { ...plan, demofusion: { ...demofusion, windowsAtOnce: demofusion.firstBatch } };
}
