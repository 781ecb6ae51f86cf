// Guidance: from the network's answers without and with the text to one prediction (method §5).
import { lowBand } from "../base/low-band.ts";
import type { Tensor } from "../base/tensor.ts";
import type { StageGuidance } from "../plan/plan.ts";

/** Predictions [n, c, h, w]; `uncond` is null where the plan guides nothing. */
export interface Predictions {
  readonly uncond: Tensor | null;
  readonly cond: Tensor;
  /** A second network's answer without the text, in steps of noise-damped guidance that have one. */
  readonly damping?: Tensor;
}

/** The guided prediction [n, c, h, w]. */
export function guide(predictions: Predictions, guidance: StageGuidance): Tensor {
  const { uncond, cond, damping } = predictions;
  if (uncond === null) return cond;
  switch (guidance.kind) {
    case "none":
      return cond;
    case "cfg":
      return combine(uncond, cond, (u, c) => u + guidance.scale * (c - u));
    case "damped":
      return damp({ uncond, cond, from: damping ?? uncond }, guidance.scale);
    case "frequency":
      return guideFrequencies({ uncond, cond }, guidance);
    default:
      return guidance satisfies never;
  }
}

/** u′ + w (c − u), where u′ is of a network that looks less far apart (ScaleCrafter §3.3, equation 8). */
function damp(
  { uncond, cond, from }: { readonly uncond: Tensor; readonly cond: Tensor; readonly from: Tensor },
  scale: number,
): Tensor {
  const added = combine(uncond, cond, (u, c) => scale * (c - u));
  return combine(from, added, (u, more) => u + more);
}

/** FA-CFG: Σ_k u_k + w_k (c_k − u_k) over the high and the low band (paper §3.3, facfg_wrapper.py). */
function guideFrequencies(
  { uncond, cond }: { readonly uncond: Tensor; readonly cond: Tensor },
  weights: Extract<StageGuidance, { kind: "frequency" }>,
): Tensor {
  const { high, low, lowSize } = weights;
  const lowUncond = lowBand(uncond, lowSize);
  const lowCond = lowBand(cond, lowSize);
  const highBand = (x: Tensor, band: Tensor): Tensor => combine(x, band, (all, part) => all - part);
  const guidedHigh = combine(
    highBand(uncond, lowUncond),
    highBand(cond, lowCond),
    (u, c) => u + high * (c - u),
  );
  // With one weight the published code leaves the low band out altogether (method §5).
  if (low === null) return guidedHigh;
  const guidedLow = combine(lowUncond, lowCond, (u, c) => u + low * (c - u));
  return combine(guidedHigh, guidedLow, (a, b) => a + b);
}

function combine(a: Tensor, b: Tensor, by: (a: number, b: number) => number): Tensor {
  return { shape: a.shape, data: a.data.map((value, index) => by(value, b.data[index] as number)) };
}
