// ScaleCrafter: one stage at the full size, each step with the network that its table says, and DDIM with fresh noise
// (He et al., ICLR 2024, arXiv:2310.07702).
import type { UNetVariant } from "../config/unet-variant.ts";
import { cellPx } from "../config/vae-config.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { unetLayers } from "./cost/unet-layers.ts";
import { leadingDdim } from "./leading-steps.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { PlannedStep } from "./plan.ts";
import type { PlannedMethod } from "./planned-method.ts";
import { type ChangeablePaths, networkAt } from "./scalecrafter-networks.ts";
import {
  chooseScalecrafter,
  type ScalecrafterSettings,
  scalecrafterFamily,
  smallerTables,
  type UNetModel,
} from "./scalecrafter-settings.ts";
import { shrunkSizes } from "./shrunk-sizes.ts";
import { warnOfStages } from "./warn-of-idle.ts";

/** Throws `invalidRecipe`. */
export function planScalecrafter(recipe: Recipe, model: UNetModel): MethodPlan {
  const settings = chooseScalecrafter(recipe, model);
  const { size, guidance } = settings;
  const variant = recipe.variant ?? "corrected";
  const { steps, networks } = planSteps(settings, model, variant);
  const latent = { width: size.width / cellPx, height: size.height / cellPx };
  const damps = steps.some((step) => step.kind === "redilated" && step.damping !== null);
  const dampingSides = variant === "published" ? 2 : 1;
  const wayOf = (networksAtOnce: 1 | 2): PlannedMethod => ({
    method: "scalecrafter",
    scalecrafter: { networks, dampingSides, networksAtOnce },
  });
  return {
    ways: damps ? [wayOf(2), wayOf(1)] : [wayOf(1)],
    variant,
    guidance,
    negative: model.family === "sdxl" ? null : "",
    tiling: recipe.tiling ?? "auto",
    tilePx: model.vae.sampleSize,
    stages: [
      {
        size,
        latent,
        steps,
        guidance:
          guidance <= 1 ? { kind: "none" } : { kind: damps ? "damped" : "cfg", scale: guidance },
        attentionReuse: null,
        collectsMaps: false,
      },
    ],
    smaller: recipe.scalecrafter?.table ? shrunkSizes(size) : smallerTables(size, model),
    init: null,
    encodeShift: model.vae.shiftFactor,
    written: writtenOf(settings),
    warnings: [...warnOf(settings), ...warnOfStages(recipe, `its own ${settings.steps} steps`)],
  };
}

/** `networks` are those of all steps, each once, in the order in which they are first called. */
function planSteps(
  settings: ScalecrafterSettings,
  model: UNetModel,
  variant: MethodPlan["variant"],
): { readonly steps: readonly PlannedStep[]; readonly networks: readonly UNetVariant[] } {
  const networks = new Map<string, UNetVariant>();
  const numberOf = (network: UNetVariant): number => {
    const key = JSON.stringify(network);
    if (!networks.has(key)) networks.set(key, network);
    return [...networks.keys()].indexOf(key);
  };
  const paths = changeablePaths(model);
  const main = mainNetwork(settings);
  const damping = dampingNetwork(settings);
  const steps = noisySteps(settings, model).map((each, step): PlannedStep => {
    const network = numberOf(networkAt(step, main, paths));
    const second = step < damping.tau ? numberOf(networkAt(step, damping, paths)) : null;
    // A model of fewer levels may leave no difference between both; the answer is there already.
    const isIdle = variant === "corrected" && second === network;
    return { ...each, kind: "redilated", network, damping: isIdle ? null : second };
  });
  return { steps, networks: [...networks.values()] };
}

type NetworkSettings = Parameters<typeof networkAt>[1];

function mainNetwork(settings: ScalecrafterSettings): NetworkSettings {
  const { table, dilateTau, inflateTau, progressive, freeU } = settings;
  const { factors, dispersed } = table;
  return { factors, tau: dilateTau, progressive, dispersed, inflateTau, freeU };
}

/** The second network of noise-damped guidance; it is never called where nothing is guided. */
function dampingNetwork(settings: ScalecrafterSettings): NetworkSettings {
  const { table, ndcfgTau, guidance } = settings;
  return {
    ...mainNetwork(settings),
    factors: table.damping,
    tau: guidance > 1 ? ndcfgTau : 0,
  };
}

function changeablePaths(model: UNetModel): ChangeablePaths {
  const paths = unetLayers(model.unet).flatMap((layer) =>
    layer.kind === "convolution" && layer.path !== undefined ? [layer.path] : [],
  );
  return {
    paths,
    missingLevels: scalecrafterFamily(model).levels - model.unet.levels.length,
  };
}

/**
 * DDIM's steps with the noise that each draws anew, in place of a part of the old (Song et al. 2021, equation 16), eta 1 being
 * as much as DDPM's.
 */
function noisySteps({ steps, eta }: ScalecrafterSettings, { scheduler }: UNetModel) {
  return leadingDdim(scheduler, steps).map((step) => {
    const { alphaBar, nextAlphaBar } = step;
    const fresh = ((1 - nextAlphaBar) / (1 - alphaBar)) * (1 - alphaBar / nextAlphaBar);
    return { ...step, sigma: eta * Math.sqrt(fresh) };
  });
}

function writtenOf(settings: ScalecrafterSettings): MethodPlan["written"] {
  const { size, guidance, steps, eta, tableSize, dilateTau, ndcfgTau, inflateTau } = settings;
  return {
    guidance,
    size,
    stages: undefined,
    gamma: undefined,
    frequencyGuidance: undefined,
    attentionReuse: undefined,
    init: undefined,
    demofusion: undefined,
    scalecrafter: {
      ...{ steps, eta, table: tableSize, dilateTau, ndcfgTau, inflateTau },
      progressive: settings.progressive ? "on" : "off",
      freeu: settings.freeU === null ? "off" : "on",
    },
  };
}

function warnOf({ inflateTau, table }: ScalecrafterSettings): readonly string[] {
  if (inflateTau === 0 || table.dispersed.length > 0) return [];
  return [
    `scalecrafter.inflate_tau: needs a table with convolutions to disperse, one of 16 times the trained size, to have an effect, got ${inflateTau}; remove it`,
  ];
}
