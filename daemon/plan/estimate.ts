// How long a plan takes on a machine whose rate is known. Opening networks is not counted, neither
// the first time nor where the denoiser is closed while the VAE works.
import type { Plan } from "./plan.ts";

/** Measured floating point operations a second, in 10^9, of each kind of network. */
export interface MachineRate {
  readonly gflopsText: number;
  readonly gflopsDenoiser: number;
  readonly gflopsVae: number;
}

/** Seconds. The parts are those of one prompt; `total` is the whole run of all prompts. */
export interface EstimatedTime {
  readonly text: number;
  readonly denoiser: number;
  readonly vae: number;
  readonly perPrompt: number;
  readonly total: number;
}

export function estimateTime(
  plan: Pick<Plan, "cost" | "prompts">,
  rate: MachineRate,
): EstimatedTime {
  const { cost, prompts } = plan;
  const seconds = (flops: number, gflops: number): number => flops / (gflops * 1e9);
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  const text = seconds(cost.text, rate.gflopsText);
  const denoiser = seconds(sum(cost.denoiserByStage), rate.gflopsDenoiser);
  const vae = seconds(sum(cost.vaeByStage), rate.gflopsVae);
  const perPrompt = text + denoiser + vae;
  return { text, denoiser, vae, perPrompt, total: perPrompt * prompts.length };
}
