// Schemas of the mappings that belong to one method each. What is left out stays left out.
import { z } from "zod";
import type { DemofusionRecipe, ScalecrafterRecipe } from "./recipe.ts";
import { sizeSchema } from "./value-schemas.ts";

const steps = z.int().min(1).max(1000);
const tau = z.int().min(0).max(1000);
const exponent = z.number().min(0).max(100);

/** The mapping under `demofusion`. */
export const demofusionSchema = z
  .strictObject({
    preset: z.enum(["readme", "readme-8gb", "defaults"]).optional(),
    steps: steps.optional(),
    stride: z.int().min(1).max(128).optional(),
    cosine_scales: z.tuple([exponent, exponent, exponent]).readonly().optional(),
    sigma: z.number().positive().optional(),
    sampler: z.enum(["euler", "ddim"]).optional(),
    windows_at_once: z.int().min(1).max(64).optional(),
  })
  .transform(
    ({ cosine_scales, windows_at_once, ...same }): DemofusionRecipe => ({
      ...same,
      cosineScales: cosine_scales,
      windowsAtOnce: windows_at_once,
    }),
  );

/** The mapping under `scalecrafter`. */
export const scalecrafterSchema = z
  .strictObject({
    steps: steps.optional(),
    eta: z.number().min(0).max(1).optional(),
    table: sizeSchema.optional(),
    dilate_tau: tau.optional(),
    ndcfg_tau: tau.optional(),
    inflate_tau: tau.optional(),
    progressive: z.enum(["on", "off"]).optional(),
    freeu: z.enum(["on", "off"]).optional(),
  })
  .transform(
    ({ dilate_tau, ndcfg_tau, inflate_tau, ...same }): ScalecrafterRecipe => ({
      ...same,
      dilateTau: dilate_tau,
      ndcfgTau: ndcfg_tau,
      inflateTau: inflate_tau,
    }),
  );
