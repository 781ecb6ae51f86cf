// ScaleCrafter's published configurations as data: by how much which convolutions look further apart, and in which steps
// (YingqingHe/ScaleCrafter 9dc1185, configs/ and assets/). Factors are by place: D and U blocks of the way down and up, M the
// middle, a small s or u the block's down- or upsampler; D0 and what is not named is never changed.

/** Factors by place; e.g. `{ D2: 3, D2s: 3, M: 4 }`. */
export type Factors = Readonly<Partial<Record<Place, number>>>;

export type Place = `${"D" | "U"}${0 | 1 | 2 | 3}` | `D${1 | 2}s` | `U${0 | 1 | 2}u` | "M";

/** One configuration. Steps are of 50. */
export interface ScalecrafterTable {
  /** Pixels, of a model trained at the family's size; a picture that stands on its side has the same table. */
  readonly width: number;
  readonly height: number;
  /** Until this step the network looks further apart. */
  readonly dilateTau: number;
  /** Until this step a second network, with `damping`, answers without the prompt. */
  readonly ndcfgTau: number;
  /** Whether factors fall with the steps. */
  readonly progressive: boolean;
  readonly factors: Factors;
  readonly damping: Factors;
  /** Convolutions that are dispersed where `inflate_tau` says so; no published configuration does. */
  readonly dispersed: readonly Place[];
}

/** Of models that were trained at `nativePx`, of `levels` picture sizes. */
export interface ScalecrafterFamily {
  readonly nativePx: number;
  readonly levels: number;
  /** Where a recipe says nothing of it. */
  readonly guidance: number;
  readonly usesFreeU: boolean;
  readonly freeU: {
    readonly b1: number;
    readonly b2: number;
    readonly s1: number;
    readonly s2: number;
  };
  readonly tables: readonly [ScalecrafterTable, ...ScalecrafterTable[]];
}

const everywhere = (factor: number): Factors => ({
  ...{ D1: factor, D1s: factor, D2: factor, D2s: factor, D3: factor, M: factor },
  ...{ U0: factor, U0u: factor, U1: factor, U1u: factor, U2: factor, U2u: factor },
});

const plain = { ndcfgTau: 0, progressive: false, damping: {}, dispersed: [] } as const;

const dispersedSd: readonly Place[] = ["D2s", "D3", "M", "U0", "U0u", "U1", "U1u"];

const falling1: Factors = {
  ...{ D1: 2, D1s: 2, D2: 3, D2s: 3, D3: 4, M: 4 },
  ...{ U0: 4, U0u: 4, U1: 3, U1u: 3, U2: 2, U2u: 2 },
};
const milder1: Factors = { D2: 3, D2s: 3, D3: 4, M: 4, U0: 4, U0u: 4, U1: 3, U1u: 3 };

/** Stable Diffusion 1.5. */
export const scalecrafterSd1: ScalecrafterFamily = {
  nativePx: 512,
  levels: 4,
  guidance: 7.5,
  usesFreeU: true,
  freeU: { b1: 1.2, b2: 1.4, s1: 0.9, s2: 0.2 },
  tables: [
    { width: 1024, height: 1024, dilateTau: 30, ...plain, factors: everywhere(2) },
    { width: 1280, height: 1280, dilateTau: 35, ...plain, factors: everywhere(2.5) },
    {
      ...{ width: 2048, height: 1024, dilateTau: 35, ndcfgTau: 35, progressive: true },
      ...{ factors: falling1, damping: milder1, dispersed: [] },
    },
    {
      ...{ width: 2048, height: 2048, dilateTau: 35, ndcfgTau: 35, progressive: true },
      ...{ factors: falling1, damping: milder1, dispersed: dispersedSd },
    },
  ],
};

const milder2: Factors = {
  ...{ D2: 3, D2s: 4, D3: 4, M: 4 },
  ...{ U0: 4, U0u: 4, U1: 4, U1u: 4, U2: 3, U2u: 3 },
};

/** Stable Diffusion 2.1. */
export const scalecrafterSd2: ScalecrafterFamily = {
  nativePx: 512,
  levels: 4,
  guidance: 7.5,
  usesFreeU: true,
  freeU: { b1: 1.1, b2: 1.2, s1: 0.9, s2: 0.2 },
  tables: [
    { width: 1024, height: 1024, dilateTau: 20, ...plain, factors: everywhere(2) },
    { width: 1280, height: 1280, dilateTau: 30, ...plain, factors: everywhere(2.5) },
    {
      ...{ width: 2048, height: 1024, dilateTau: 37, ndcfgTau: 0, progressive: true },
      // A table for the second network is named there and never used.
      ...{ factors: falling1, damping: milder2, dispersed: [] },
    },
    {
      ...{ width: 2048, height: 2048, dilateTau: 37, ndcfgTau: 37, progressive: true },
      ...{ factors: { ...milder2, U3: 2 }, damping: milder2, dispersed: dispersedSd },
    },
  ],
};

/**
 * The built-in model, and others that were trained on pictures as small: the tables of 2.1 with its FreeU left out and
 * the guidance that FreCaS has there, for at the published values colours glare and outlines tear. Chosen by eye.
 */
export const scalecrafterSmall: ScalecrafterFamily = {
  ...scalecrafterSd2,
  guidance: 3,
  usesFreeU: false,
};

/** Blocks that SDXL's three levels have not are named there, too; the published code passes over them. */
const middle = (factor: number, below: number): Factors => ({
  ...{ D3: below, M: factor, U0: factor, U0u: factor },
});

const fallingXl: Factors = { D3: 4, M: 4, U0: 4, U0u: 4, U1: 3, U1u: 3, U2: 2, U2u: 2 };

/** Stable Diffusion XL. */
export const scalecrafterSdxl: ScalecrafterFamily = {
  nativePx: 1024,
  levels: 3,
  guidance: 5,
  usesFreeU: true,
  freeU: { b1: 1.1, b2: 1.2, s1: 0.6, s2: 0.4 },
  tables: [
    { width: 2048, height: 2048, dilateTau: 30, ...plain, factors: middle(2, 2) },
    { width: 2560, height: 2560, dilateTau: 30, ...plain, factors: middle(2.5, 2) },
    {
      ...{ width: 4096, height: 2048, dilateTau: 35, ndcfgTau: 35, progressive: true },
      ...{ factors: { ...fallingXl, D2: 3, D2s: 3 }, damping: middle(2, 2), dispersed: [] },
    },
    {
      ...{ width: 4096, height: 4096, dilateTau: 35, ndcfgTau: 35, progressive: true },
      ...{ factors: { ...fallingXl, D2: 4, D2s: 4 }, damping: middle(2, 2) },
      dispersed: ["D2", "D2s", "M", "U0", "U0u"],
    },
  ],
};
