// FreCaS, and the direct run beside it: a recipe's settings, stages and picture to begin with.
import type { ModelConfig } from "../config/model-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { chooseSettings, type Settings } from "./choose-settings.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { PlannedInit } from "./plan.ts";
import { type ExaminePicture, planInit, startFromPicture } from "./plan-init.ts";
import { planStages } from "./plan-stages.ts";
import { publishedNegative } from "./presets.ts";
import { shrunkSizes } from "./shrunk-sizes.ts";
import { warnOfIdle } from "./warn-of-idle.ts";

/** Throws `invalidRecipe` and what `examine` throws. */
export function planCascade(
  recipe: Recipe,
  model: ModelConfig,
  examine: ExaminePicture,
): MethodPlan {
  const { settings, warnings: fromSettings } = chooseSettings(recipe, model);
  const { stages, warnings: fromStages } = planStages(settings, model);
  const { init, warnings: fromInit } = planInit(recipe, settings, model, examine);
  const { method, variant, guidance, tiling } = settings;
  return {
    ways: [{ method }],
    variant,
    guidance,
    negative: publishedNegative,
    tiling,
    tilePx: model.vae.sampleSize,
    stages: startFromPicture(stages, init),
    smaller: stages.slice(-1).flatMap(({ size }) => shrunkSizes(size)),
    init,
    encodeShift: chooseShift(settings, model),
    written: writtenOf(settings, init),
    warnings: [...fromSettings, ...fromStages, ...fromInit, ...warnOfIdle(recipe, settings)],
  };
}

/** The published code moves a latent the wrong way; 0 is no direction, and stays +0 (method §4). */
function chooseShift({ variant }: Settings, { vae }: ModelConfig): number {
  return variant === "published" ? 0 - vae.shiftFactor : vae.shiftFactor;
}

function writtenOf(settings: Settings, init: PlannedInit | null): MethodPlan["written"] {
  const { stages, guidance, gamma, attentionReuse, frequency } = settings;
  const { high, low } = frequency;
  const cascades = stages.length > 1;
  const guides = guidance > 1;
  return {
    // From a picture on, it matters only whether there is guidance; presets have it.
    guidance: init !== null && guides ? undefined : guidance,
    size: undefined,
    stages,
    gamma: cascades ? gamma : undefined,
    frequencyGuidance:
      cascades && guides ? { high, low: low ?? high, single: low === null } : undefined,
    attentionReuse: cascades ? attentionReuse : undefined,
    init: init === null ? undefined : { image: init.image, from: init.stage + 1 },
    demofusion: undefined,
    scalecrafter: undefined,
  };
}
