// What each kind of planned step means: the timestep for the network, the update after it, the noise before it.
import type { Tensor } from "../base/tensor.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { addNoise, ddimStep } from "./ddim.ts";
import { addEulerNoise, eulerDiscreteStep, scaledInput } from "./euler.ts";
import { addFlowNoise, eulerStep } from "./flow.ts";

/** As the network was trained with, in float32. */
export function networkTimestep(step: PlannedStep): number {
  return step.kind === "flow" ? Math.fround(step.sigma * 1000) : step.timestep;
}

/** What the network is given of x; `call` is which of the step's calls it is. */
export function networkInput(x: Tensor, step: PlannedStep, call: "first" | "later"): Tensor {
  if (step.kind !== "euler") return x;
  return scaledInput(x, call === "first" ? step.inputSigma : step.laterInputSigma);
}

/** What a run begins with at its first step: noise, as strong as the schedule wants it. */
export function startOf(step: PlannedStep, noise: Tensor): Tensor {
  if (step.kind !== "euler") return noise;
  const scale = Math.sqrt(step.sigma ** 2 + 1);
  return { shape: noise.shape, data: noise.data.map((value) => value * scale) };
}

/** Whether the step draws normal noise of the latent's shape before its update. */
export function drawsNoise(step: PlannedStep): boolean {
  switch (step.kind) {
    case "ddim":
    case "euler":
      return false;
    case "flow":
      // The published scheduler draws noise for a setting that nobody uses; later draws depend on it (method §8).
      return true;
    case "redilated":
      return step.sigma > 0;
    default:
      return step satisfies never;
  }
}

/** The latent after the step, and the clean latent x0 that the step believes in; `drawn` is what it drew, if anything. */
export function takeStep(
  x: Tensor,
  prediction: Tensor,
  step: PlannedStep,
  drawn?: Tensor,
): { readonly next: Tensor; readonly x0: Tensor } {
  switch (step.kind) {
    case "ddim":
      return ddimStep(x, prediction, step);
    case "redilated":
      return ddimStep(x, prediction, step, drawn);
    case "flow":
      return eulerStep(x, prediction, step);
    case "euler":
      return eulerDiscreteStep(x, prediction, step);
    default:
      return step satisfies never;
  }
}

/** x0 with as much noise as `step` starts from. */
export function noiseFor(step: PlannedStep, x0: Tensor, noise: Tensor): Tensor {
  switch (step.kind) {
    case "ddim":
    case "redilated":
      return addNoise(x0, noise, step.alphaBar);
    case "flow":
      return addFlowNoise(x0, noise, step.sigma);
    case "euler":
      return addEulerNoise(x0, noise, step.sigma);
    default:
      return step satisfies never;
  }
}
