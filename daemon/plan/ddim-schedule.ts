// The noise schedule of models that predict noise or v: ᾱ by timestep, DDIM's steps, the next stage's start (method §2, §3).
// Float32 arithmetic as torch's, so that every number equals the published code's (but for rescaled betas: torch's square
// root is rounded otherwise from processor to processor).
import type { DdimSchedulerConfig } from "../config/ddim-scheduler-config.ts";
import type { Settings } from "./choose-settings.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";
import { linspace, stageTimesteps } from "./schedule.ts";

const { fround } = Math;

export function ddimSchedule(
  config: DdimSchedulerConfig,
  { variant, gamma }: Pick<Settings, "variant" | "gamma">,
): NoiseSchedule {
  const alphas = alphasCumprod(config);
  const final = finalAlphaBar(config, alphas);
  return {
    steps: ({ start, until, steps }) => {
      const timesteps = stageTimesteps(start, until, steps);
      const stride = Math.floor(1000 / publishedStepCount(start, until, steps));
      const nextOf = (timestep: number, index: number): number =>
        variant === "published" ? timestep - stride : (timesteps[index + 1] ?? -1);
      return timesteps.map((timestep, index) => {
        const next = nextOf(timestep, index);
        return {
          kind: "ddim",
          timestep,
          parametrisation: config.parametrisation,
          alphaBar: alphas[timestep] as number,
          nextAlphaBar: next < 0 ? final : (alphas[next] as number),
        };
      });
    },
    nextStart: (change) => nextStart(alphas, { ...change, gamma }),
  };
}

/** ᾱ_t for t = 0..999: the cumulative product of 1 − β (diffusers DDIMScheduler). */
export function alphasCumprod(config: DdimSchedulerConfig): Float32Array {
  const trained = products(betas(config));
  return config.zeroTerminalSnr ? products(rescaledBetas(trained)) : trained;
}

/** The final ᾱ, after the last step: ᾱ_0, or 1 with `set_alpha_to_one` (method §1). */
export function finalAlphaBar(config: DdimSchedulerConfig, alphas: Float32Array): number {
  return config.setAlphaToOne ? 1 : (alphas[0] as number);
}

/**
 * First timestep of the next stage: the smallest t with ᾱ_t <= s·ᾱ_e / (1 + (s − 1)·ᾱ_e), s = (os/ts)^γ, or null
 * where no t is that noisy (method §2). `shrink` is os/ts along the side that grows most, 0..1.
 */
export function nextStart(
  alphas: Float32Array,
  change: { readonly until: number; readonly shrink: number; readonly gamma: number },
): number | null {
  const s = change.shrink ** change.gamma;
  const alpha = alphas[change.until] as number;
  const target = fround(fround(fround(s) * alpha) / fround(1 + fround(fround(s - 1) * alpha)));
  const start = alphas.findIndex((value) => value <= target);
  return start === -1 ? null : start;
}

/**
 * n of the published step from t to t − ⌊1000/n⌋ (method §3): Python's int(1000/(st − et)·(ts − 1)).
 * Not the number of steps; 0 for a single step, Infinity where start equals until.
 */
export function publishedStepCount(start: number, until: number, steps: number): number {
  return steps === 1 ? 0 : Math.trunc((1000 / (start - until)) * (steps - 1));
}

function products(betas: Float32Array): Float32Array {
  // torch multiplies up in double precision and rounds each value.
  let running = 1;
  return betas.map((beta) => {
    running *= fround(1 - beta);
    return running;
  });
}

/** Of other betas with the same ᾱ_0 whose last ᾱ is 0 (Lin et al. 2023, algorithm 1; diffusers' rescale_zero_terminal_snr). */
function rescaledBetas(alphas: Float32Array): Float32Array {
  const signals = alphas.map(Math.sqrt);
  const [first, last] = [signals[0] as number, signals.at(-1) as number];
  const scale = fround(first / fround(first - last));
  const rescaled = signals.map((signal) => fround(fround(signal - last) * scale) ** 2);
  return rescaled.map((alpha, timestep) => {
    const before = timestep === 0 ? 1 : (rescaled[timestep - 1] as number);
    return 1 - fround(alpha / before);
  });
}

function betas(config: DdimSchedulerConfig): Float32Array {
  const { betaStart, betaEnd, betaSchedule, trainTimesteps } = config;
  if (betaSchedule === "linear") return linspace(betaStart, betaEnd, trainTimesteps);
  return linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), trainTimesteps).map((x) => x * x);
}
