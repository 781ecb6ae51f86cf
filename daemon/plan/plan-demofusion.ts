// DemoFusion: a recipe's settings with the presets' in the gaps, and its phases as stages.
import { invalidRecipe } from "../base/failure.ts";
import type { Provider } from "../base/provider.ts";
import { type Size, showSize } from "../base/size.ts";
import type { ModelConfig } from "../config/model-config.ts";
import { cellPx } from "../config/vae-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { demofusionPreset } from "./demofusion-presets.ts";
import { leadingDdim, leadingEuler } from "./leading-steps.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { PlannedStep } from "./plan.ts";
import type { UntiledStage } from "./plan-stages.ts";
import type { PlannedDemofusion, PlannedMethod } from "./planned-method.ts";
import { publishedNegative } from "./presets.ts";
import { warnOfStages } from "./warn-of-idle.ts";

type StableDiffusionXL = Extract<ModelConfig, { readonly family: "sdxl" }>;

/** Throws `invalidRecipe` for sizes, strides and numbers of images that the method does not have. */
export function planDemofusion(
  recipe: Recipe,
  model: StableDiffusionXL,
  provider: Provider,
): MethodPlan {
  const preset = demofusionPreset(recipe.demofusion?.preset);
  const variant = recipe.variant ?? "corrected";
  const guidance = recipe.guidance ?? preset.guidance;
  const size = sizeOf(recipe, model);
  checkImages(recipe);
  checkSize(size, model);
  const demofusion = chooseDemofusion(recipe, model);
  const { steps = preset.steps, sampler = "euler" } = recipe.demofusion ?? {};
  const stepsOf = (phase: number): readonly PlannedStep[] =>
    sampler === "ddim"
      ? leadingDdim(model.scheduler, steps)
      : leadingEuler(model.scheduler, steps, { variant, phase });
  const { cosineScales, sigma, stride, firstBatch } = demofusion;
  const settings = { steps, stride, cosineScales, sigma, sampler, windowsAtOnce: firstBatch };
  const stages = phasesOf(size, model, { guidance, stepsOf });
  return {
    ways: waysOf(demofusion, provider),
    variant,
    guidance,
    negative: publishedNegative,
    tiling: recipe.tiling ?? (variant === "published" ? "on" : "auto"),
    tilePx: demofusion.window * cellPx,
    stages,
    // The method has no sizes but those of its phases.
    smaller: stages
      .slice(0, -1)
      .map((phase) => phase.size)
      .reverse(),
    init: null,
    encodeShift: model.vae.shiftFactor,
    written: { ...nothing, guidance, size, demofusion: settings },
    warnings: warnOfStages(recipe, `its own ${steps} steps in each of ${stages.length} phases`),
  };
}

/** A CPU computes windows as fast one by one, in less memory; elsewhere as many at once as fit. */
function waysOf(demofusion: PlannedDemofusion, provider: Provider): MethodPlan["ways"] {
  const way = (windowsAtOnce: number): PlannedMethod => ({
    method: "demofusion",
    demofusion: { ...demofusion, windowsAtOnce },
  });
  if (provider === "cpu") return [way(1)];
  const fewer = [16, 8, 4, 2, 1].filter((count) => count < demofusion.windowsAtOnce);
  return [way(demofusion.windowsAtOnce), ...fewer.map(way)];
}

const nothing = {
  stages: undefined,
  gamma: undefined,
  frequencyGuidance: undefined,
  attentionReuse: undefined,
  init: undefined,
  scalecrafter: undefined,
};

function sizeOf({ size, stages }: Recipe, { sides }: ModelConfig): Size {
  const side = 2 * sides.nativePx;
  return size ?? stages?.at(-1)?.size ?? { width: side, height: side };
}

function checkImages({ images = 1 }: Recipe): void {
  if (images > 1)
    throw invalidRecipe(
      `images: must be 1 with method: demofusion, which paints one picture at a time, got ${images}; write sweep: { seed: [1, 2] } for more`,
    );
}

/** The published code asks for multiples, and fails where a window is larger than a side of a later phase. */
function checkSize(size: Size, { sides: { nativePx } }: ModelConfig): void {
  const [shorter, longer] = [Math.min(size.width, size.height), Math.max(size.width, size.height)];
  if (longer % nativePx !== 0)
    throw invalidRecipe(
      `size: the longer side must be a multiple of ${nativePx} px with method: demofusion, got ${showSize(size)}; write ${showSize(nearest(size, nativePx), "x")}`,
    );
  if (longer > nativePx && shorter * 2 < longer)
    throw invalidRecipe(
      `size: the shorter side must be at least half of the longer one with method: demofusion, got ${showSize(size)}; write ${showSize(nearest({ width: Math.max(size.width, longer / 2), height: Math.max(size.height, longer / 2) }, nativePx), "x")}`,
    );
}

/** The longer side at the nearest multiple, the shorter one in proportion. */
function nearest(size: Size, nativePx: number): Size {
  const longer = Math.max(size.width, size.height);
  const phases = Math.max(1, Math.round(longer / nativePx));
  const scaled = (px: number): number =>
    Math.max(cellPx, Math.round((px * phases * nativePx) / longer / cellPx) * cellPx);
  return { width: scaled(size.width), height: scaled(size.height) };
}

function chooseDemofusion(recipe: Recipe, model: StableDiffusionXL): PlannedDemofusion {
  const written = recipe.demofusion ?? {};
  const preset = demofusionPreset(written.preset);
  const window = model.unet.sampleSize;
  const stride = written.stride ?? Math.max(1, Math.round(window * preset.strideShare));
  if (stride > window)
    throw invalidRecipe(
      `demofusion: stride must be at most ${window} latent cells, the side of a window of this model, got ${stride}; write ${Math.max(1, Math.round(window * preset.strideShare))}`,
    );
  const windowsAtOnce = written.windowsAtOnce ?? preset.windowsAtOnce;
  return {
    cosineScales: written.cosineScales ?? preset.cosineScales,
    sigma: written.sigma ?? preset.sigma,
    window,
    stride,
    windowsAtOnce,
    firstBatch: windowsAtOnce,
    // The published code counts the border of zeros around the latent as part of the picture.
    frameOrigin: recipe.variant === "published" ? 0 : Math.floor((window - stride) / 4),
    tiles: { core: Math.floor(window / 4), border: Math.floor((window / 8) * 3) },
  };
}

/** Phase s has s times the trained size along the longer side; the shorter one is cut to whole latent cells. */
function phasesOf(
  size: Size,
  { sides: { nativePx } }: ModelConfig,
  of: {
    readonly guidance: number;
    readonly stepsOf: (phase: number) => readonly PlannedStep[];
  },
): readonly UntiledStage[] {
  const longer = Math.max(size.width, size.height);
  const count = longer / nativePx;
  return Array.from({ length: count }, (_, phase) => {
    const cells = (px: number): number =>
      Math.max(1, Math.floor(Math.floor((px * (phase + 1)) / count) / cellPx));
    const latent = { width: cells(size.width), height: cells(size.height) };
    return {
      size: { width: latent.width * cellPx, height: latent.height * cellPx },
      latent,
      steps: of.stepsOf(phase),
      guidance: of.guidance > 1 ? { kind: "cfg", scale: of.guidance } : { kind: "none" },
      attentionReuse: null,
      collectsMaps: false,
    };
  });
}
