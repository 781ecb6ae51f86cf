// Steps at every 1000 / n-th timestep, counted from 1 upwards: diffusers' "leading" spacing with an offset of 1, as
// Stable Diffusion XL is published with, for DDIM and for Euler's updates.
import type { DdimSchedulerConfig } from "../config/ddim-scheduler-config.ts";
import { alphasCumprod, finalAlphaBar } from "./ddim-schedule.ts";
import type { DdimStep, PlannedStep } from "./plan.ts";
import { LAST_TIMESTEP } from "./schedule.ts";

/** `steps` is 1..1000. */
export function leadingDdim(config: DdimSchedulerConfig, steps: number): readonly DdimStep[] {
  const alphas = alphasCumprod(config);
  const final = finalAlphaBar(config, alphas);
  const stride = Math.floor(1000 / steps);
  return leadingTimesteps(steps).map((timestep) => ({
    kind: "ddim",
    timestep,
    parametrisation: config.parametrisation,
    alphaBar: alphas[timestep] as number,
    nextAlphaBar: alphas[timestep - stride] ?? final,
  }));
}

/**
 * Each step's network calls see their input scaled for the σ of the index that the scheduler stands at. `published`: that
 * index moves with the first update of a step, so that a step's later calls see the next σ, and where a phase begins,
 * its first call sees the last one's, 0. `corrected`: all see the step's own.
 */
export function leadingEuler(
  config: DdimSchedulerConfig,
  steps: number,
  quirk: { readonly variant: "corrected" | "published"; readonly phase: number },
): readonly PlannedStep[] {
  const alphas = alphasCumprod(config);
  const timesteps = leadingTimesteps(steps);
  const sigmas = timesteps.map((timestep) => {
    // Of noise alone diffusers' scheduler leaves this, so that σ is a number.
    const alpha = Math.max(alphas[timestep] as number, 2 ** -24);
    return Math.sqrt((1 - alpha) / alpha);
  });
  const isStale = quirk.variant === "published" && quirk.phase > 0;
  return timesteps.map((timestep, index) => {
    const sigma = sigmas[index] as number;
    const nextSigma = sigmas[index + 1] ?? 0;
    return {
      kind: "euler",
      timestep,
      parametrisation: config.parametrisation,
      sigma,
      nextSigma,
      inputSigma: isStale && index === 0 ? 0 : sigma,
      laterInputSigma: isStale ? nextSigma : sigma,
    };
  });
}

function leadingTimesteps(steps: number): readonly number[] {
  const stride = Math.floor(1000 / steps);
  return Array.from({ length: steps }, (_, index) =>
    Math.min(LAST_TIMESTEP, (steps - 1 - index) * stride + 1),
  );
}
