// What the shapes in a single file do not say: how wide a head is, what a model was trained on. Of each family as it was
// published; whoever reads a file of other sizes (the tests' tiny models) gives rules of their own.
import type { CheckpointLayout } from "../weights/open-checkpoint.ts";
import type { DdimSchedulerConfig } from "./ddim-scheduler-config.ts";
import type { TextEncoderConfig } from "./text-encoder-config.ts";

export interface FamilyRules {
  /** The same number of heads on each level, or heads of the same width. */
  readonly unetHeads: { readonly count: number } | { readonly width: number };
  /** Groups of every group norm. */
  readonly normGroups: number;
  /** Native latent side. */
  readonly sampleSize: number;
  /** Side in pixels of a tile of the VAE. */
  readonly tilePx: number;
  readonly scalingFactor: number;
  readonly parametrisation: DdimSchedulerConfig["parametrisation"];
  /** Of the first text encoder, and of the second where there is one. */
  readonly texts: readonly TextRules[];
}

interface TextRules {
  readonly headWidth: number;
  readonly activation: TextEncoderConfig["activation"];
  /** Layers at the end that the family does not use. */
  readonly unusedLayers: number;
  /** Token that fills up a text: the one that ends it, or the vocabulary's first one. */
  readonly padding: "end" | "first";
}

const clip: TextRules = {
  headWidth: 64,
  activation: "quick_gelu",
  unusedLayers: 0,
  padding: "end",
};
const openClip: TextRules = {
  headWidth: 64,
  activation: "gelu",
  unusedLayers: 0,
  padding: "first",
};

/** By the layout of the file. */
export const publishedRules: Readonly<Record<CheckpointLayout, FamilyRules>> = {
  sd1: {
    unetHeads: { count: 8 },
    normGroups: 32,
    sampleSize: 64,
    tilePx: 512,
    scalingFactor: 0.18215,
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
    parametrisation: "v_prediction",
    texts: [{ ...openClip, unusedLayers: 1 }],
  },
  sdxl: {
    unetHeads: { width: 64 },
    normGroups: 32,
    sampleSize: 128,
    tilePx: 1024,
    scalingFactor: 0.13025,
    parametrisation: "epsilon",
    texts: [clip, openClip],
  },
};
