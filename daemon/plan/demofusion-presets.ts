// DemoFusion's published settings: of the repository's README (PRIS-CV/DemoFusion at 5024487), and of its pipeline.
import type { DemofusionRecipe } from "../recipe/recipe.ts";

export interface DemofusionPreset {
  /** Of each phase. */
  readonly steps: number;
  readonly guidance: number;
  readonly sigma: number;
  readonly windowsAtOnce: number;
  /** Of a window's side. */
  readonly strideShare: number;
  readonly cosineScales: readonly [number, number, number];
}

const common = { strideShare: 0.5, cosineScales: [3, 1, 1] } as const;

const presets: Readonly<Record<NonNullable<DemofusionRecipe["preset"]>, DemofusionPreset>> = {
  readme: { ...common, steps: 50, guidance: 7.5, sigma: 0.8, windowsAtOnce: 16 },
  "readme-8gb": { ...common, steps: 40, guidance: 7.5, sigma: 0.8, windowsAtOnce: 4 },
  defaults: { ...common, steps: 50, guidance: 5, sigma: 1, windowsAtOnce: 16 },
};

export const demofusionPreset = (name: DemofusionRecipe["preset"]): DemofusionPreset =>
  presets[name ?? "readme"];
