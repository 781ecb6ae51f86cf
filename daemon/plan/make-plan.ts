// Recipe + model's configs → plan: everything about a run, decided. Pure; reads no weights.
// A recipe's `compare` is not looked at: each of its recipes gets a plan of its own.
import type { Provider } from "../base/provider.ts";
import type { ModelConfig } from "../config/model-config.ts";
import type { LoraFacts } from "../config/read-lora.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { checkModel } from "./check-model.ts";
import { chooseT5, hasT5, t5Setting, warnOfT5Memory } from "./choose-t5.ts";
import { withLoraLayers } from "./cost/lora-layers.ts";
import { networkLayers } from "./cost/network-layers.ts";
import { planCost } from "./cost/plan-cost.ts";
import { fitRecipe } from "./fit-recipe.ts";
import { PLAN_VERSION, type Plan, type PlannedStage } from "./plan.ts";
import type { ExaminePicture } from "./plan-init.ts";
import { planLoras } from "./plan-loras.ts";
import { planPrompts } from "./plan-prompts.ts";
import { printSettings } from "./print-settings.ts";

export interface PlanOptions {
  /** What the recipe called the model. */
  readonly modelName: string;
  /** 0 .. 2^32 − 1, used for `seed: random`. */
  readonly seedForRandom: number;
  readonly provider: Provider;
  /** What is known of the recipe's LoRAs, in its order. */
  readonly loras: readonly LoraFacts[];
  /** What the engine may use, in bytes; decides automatic tiling. */
  readonly memoryBytes: number;
  /** Absolute; where the default output goes. */
  readonly outputFolder: string;
  /** For `init`. */
  readonly examinePicture: ExaminePicture;
}

/** Throws `invalidRecipe`, `unsupportedModel` and what `examinePicture` throws; warnings are sentences for people. */
export function makePlan(
  recipe: Recipe,
  given: ModelConfig,
  options: PlanOptions,
): { readonly plan: Plan; readonly warnings: readonly string[] } {
  checkModel(given);
  const model = chooseT5(recipe, given);
  const loras = planLoras(recipe, options.loras);
  const layers = withLoraLayers(networkLayers(model), model, loras);
  const fitted = fitRecipe(recipe, { model, layers }, options);
  const { method, planned, run, stages, scoresAtOnce, precision, memory } = fitted;
  const { variant, guidance, encodeShift } = method;
  const { init, images, provider, tilePx } = run;
  const tokens = { encoders: model.text.positions, denoiser: model.condition.tokens };
  const negative = recipe.negative ?? method.negative;
  const prompts = planPrompts(recipe, { ...options, images });
  const plan: Plan = {
    version: PLAN_VERSION,
    name: recipe.name,
    ...planned,
    variant,
    model: toPlanned(model, options.modelName),
    loras: loras.map(({ layers: _, ...lora }) => lora),
    provider,
    precision,
    scoresAtOnce,
    stages,
    memory,
    guidance,
    negative,
    images,
    prompts,
    init,
    encodeShift,
    tilePx,
    recipe:
      recipe.metadata === "off"
        ? null
        : printSettings(recipe, method, {
            modelName: options.modelName,
            seed: prompts[0]?.seed ?? 0,
            negative,
            tiling: stages.some(isTiled) ? "on" : "off",
            precision,
            t5: t5Setting(model),
          }),
    cost: planCost({ ...run, planned, stages, tokens }),
  };
  const warnings = [
    ...method.warnings,
    ...fitted.warnings,
    ...checkTiling(recipe, stages, tilePx),
    ...warnOfT5Memory(layers, options.memoryBytes),
  ];
  return { plan, warnings };
}

function toPlanned(model: ModelConfig, name: string): Plan["model"] {
  const { folder, family } = model;
  return { name, folder, family, t5: hasT5(model) ? "used" : "unused" };
}

const isTiled = (stage: PlannedStage): boolean => stage.tiledDecode || stage.tiledEncode;

function checkTiling(
  { tiling }: Recipe,
  stages: readonly PlannedStage[],
  tilePx: number,
): readonly string[] {
  if (tiling !== "on" || stages.some((stage) => stage.tiledDecode)) return [];
  return [
    `tiling: on needs a picture larger than a tile of ${tilePx} px to have an effect, got none; leave the key out`,
  ];
}
