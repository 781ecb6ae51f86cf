// The noise schedule of SD-family models: ᾱ by timestep, a stage's timesteps, the next stage's start (method §2).
// Float32 arithmetic as torch's, so that every number equals the published code's.
import type { SchedulerConfig } from "../config/scheduler-config.ts";

/** The last training timestep; the first stage starts here. */
export const LAST_TIMESTEP = 999;

const { fround } = Math;

/** ᾱ_t for t = 0..999: the cumulative product of 1 − β (diffusers DDIMScheduler). */
export function alphasCumprod(config: SchedulerConfig): Float32Array {
  const product = new Float32Array(config.trainTimesteps);
  // torch multiplies up in double precision and rounds each value.
  let running = 1;
  for (const [timestep, beta] of betas(config).entries()) {
    running *= fround(1 - beta);
    product[timestep] = running;
  }
  return product;
}

/** The final ᾱ, after the last step: ᾱ_0, or 1 with `set_alpha_to_one` (method §1). */
export function finalAlphaBar(config: SchedulerConfig, alphas: Float32Array): number {
  return config.setAlphaToOne ? 1 : (alphas[0] as number);
}

/** t_j = trunc(linspace(start, until, steps)), timesteps 0..999 (method §2). */
export function stageTimesteps(start: number, until: number, steps: number): readonly number[] {
  return Array.from(linspace(start, until, steps), Math.trunc);
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

function betas(config: SchedulerConfig): Float32Array {
  const { betaStart, betaEnd, betaSchedule, trainTimesteps } = config;
  if (betaSchedule === "linear") return linspace(betaStart, betaEnd, trainTimesteps);
  return linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), trainTimesteps).map((x) => x * x);
}

/** torch.linspace in float32: symmetric from both ends, each value one fused multiply-add. */
function linspace(start: number, end: number, steps: number): Float32Array {
  const first = fround(start);
  const last = fround(end);
  const step = fround(fround(last - first) / (steps - 1));
  const half = Math.trunc(steps / 2);
  const valueAt = (index: number): number =>
    index < half ? first + step * index : last - step * (steps - 1 - index);
  // The double products are exact, so rounding the sum once is what a fused multiply-add does.
  const values = new Float32Array(steps);
  for (let index = 0; index < steps; index += 1) values[index] = valueAt(index);
  return steps === 1 ? values.fill(first) : values;
}
