// A comparison as measured, for what is made of it.
import type { Compared, Comparison } from "../../daemon/compare/comparison.ts";
import type { Measures } from "../../daemon/compare/measure-pictures.ts";

export function compared(label: string, more: Partial<Compared> = {}): Compared {
  return {
    label,
    size: { width: 512, height: 512 },
    painted: { steps: [30, 12, 8], guidance: 3, negative: "" },
    pictures: [`/r/${label}.png`],
    small: null,
    networkCalls: 50,
    networkFlops: 1e12,
    totalFlops: 2e12,
    seconds: 10,
    peakBytes: 2 ** 29,
    measures: { spectrumSlope: -3 },
    ...more,
  };
}

export const measured = (more: Partial<Measures> = {}): Measures => ({
  spectrumSlope: -3.9,
  agreementDb: null,
  colourDistance: 5,
  spectrumDistanceDb: 8,
  layoutDistance: 0.5,
  discs: 1,
  ...more,
});

export function comparison(all: readonly Compared[], more: Partial<Comparison> = {}): Comparison {
  return {
    name: "moons",
    model: "vista",
    prompts: ["the moon"],
    seed: 1,
    compared: all,
    baseline: 0,
    leftOut: [],
    memory: "own",
    small: null,
    ...more,
  };
}
