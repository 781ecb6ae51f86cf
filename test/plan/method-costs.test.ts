// What the methods cost beside FreCaS with Stable Diffusion XL, against ratios that were counted by a FLOP counter on
// the published architectures.
import { expect, it } from "vitest";
import type { Plan } from "../../daemon/plan/plan.ts";
import { planOf, sdxl, square } from "./plan-inputs.ts";

const denoising = (method: Plan["method"], side: number): number =>
  planOf({ method, size: square(side), variant: "published" }, sdxl).cost.denoiserByStage.reduce(
    (sum, flops) => sum + flops,
    0,
  );

it.each([
  ["demofusion", 2048, 7.52],
  ["scalecrafter", 2048, 2.85],
  ["direct", 2048, 2.85],
  ["demofusion", 4096, 8.13],
  ["scalecrafter", 4096, 5.21],
] as const)(
  "%s at %s px costs as many times FreCaS's denoising as counted: %s",
  (method, side, counted) => {
    const ratio = denoising(method, side) / denoising("frecas", side);
    expect(Math.abs(ratio / counted - 1)).toBeLessThan(0.03);
  },
);
