// What the shapes in a single file do not say: how wide a head is, what a model was trained on. Of each family as it was
// published; whoever reads a file of other sizes (the tests' tiny models) gives rules of their own.
import type { DdimSchedulerConfig } from "./ddim-scheduler-config.ts";
import type { T5Config } from "./t5-config.ts";
import type { ProjectedTextEncoderConfig, TextEncoderConfig } from "./text-encoder-config.ts";

export interface FamilyRules {
  /** Groups of every group norm. */
  readonly normGroups: number;
  /** Native latent side. */
  readonly sampleSize: number;
  /** Side in pixels of a tile of the VAE. */
  readonly tilePx: number;
  readonly scalingFactor: number;
  readonly shiftFactor: number;
  /** Of the first text encoder, and of the second where there is one. */
  readonly texts: readonly TextRules[];
}

/** Of Stable Diffusion 1.x, 2.x and SDXL. */
export interface UNetRules extends FamilyRules {
  /** The same number of heads on each level, or heads of the same width. */
  readonly unetHeads: { readonly count: number } | { readonly width: number };
  readonly parametrisation: DdimSchedulerConfig["parametrisation"];
}

/** Of Stable Diffusion 3 and 3.5. */
export interface MmditRules extends FamilyRules {
  /** Channels of a head of the MMDiT. */
  readonly headWidth: number;
  /** How far the schedule's sigmas are moved towards noise. */
  readonly shift: number;
  readonly t5: Pick<T5Config, "maxDistance" | "normEps">;
}

/** Of every layout of single files. */
export interface LayoutRules {
  readonly sd1: UNetRules;
  readonly sd2: UNetRules;
  readonly sdxl: UNetRules;
  readonly sd3: MmditRules;
}

interface TextRules {
  readonly headWidth: number;
  readonly activation: TextEncoderConfig["activation"];
  /** Layers at the end that the family does not use. */
  readonly unusedLayers: number;
  /** Whether the vector of a whole text, where the family has one, is made by a matrix. */
  readonly projection: ProjectedTextEncoderConfig["projection"];
  /** Token that fills up a text: the one that ends it, or the vocabulary's first one. */
  readonly padding: "end" | "first";
}

const clip: TextRules = {
  headWidth: 64,
  activation: "quick_gelu",
  unusedLayers: 0,
  padding: "end",
  projection: "matrix",
};
const openClip: TextRules = {
  headWidth: 64,
  activation: "gelu",
  unusedLayers: 0,
  padding: "first",
  projection: "matrix",
};

/** By the layout of the file. */
export const publishedRules: LayoutRules = {
  sd1: {
    unetHeads: { count: 8 },
    normGroups: 32,
    sampleSize: 64,
    tilePx: 512,
    scalingFactor: 0.18215,
    shiftFactor: 0,
    parametrisation: "epsilon",
    texts: [clip],
  },
  // As diffusers takes every such file: the one of 768 px, for a header looks the same for the base of 512 px.
  sd2: {
    unetHeads: { width: 64 },
    normGroups: 32,
    sampleSize: 96,
    tilePx: 768,
    scalingFactor: 0.18215,
    shiftFactor: 0,
    parametrisation: "v_prediction",
    texts: [{ ...openClip, unusedLayers: 1 }],
  },
  sdxl: {
    unetHeads: { width: 64 },
    normGroups: 32,
    sampleSize: 128,
    tilePx: 1024,
    scalingFactor: 0.13025,
    shiftFactor: 0,
    parametrisation: "epsilon",
    texts: [clip, openClip],
  },
  sd3: {
    headWidth: 64,
    normGroups: 32,
    sampleSize: 128,
    tilePx: 1024,
    scalingFactor: 1.5305,
    shiftFactor: 0.0609,
    shift: 3,
    // The published code takes the first encoder's token as it is, though files may hold a matrix for it.
    texts: [{ ...clip, projection: "none" }, openClip],
    t5: { maxDistance: 128, normEps: 1e-6 },
  },
};
