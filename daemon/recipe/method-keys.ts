// The rows of the table of keys that belong to one method each: its own settings, as a mapping.
// Like the table itself, they apply no default: the plan does that.

import { demofusionSchema, scalecrafterSchema } from "./method-schemas.ts";
import { SIZE_RULE } from "./value-schemas.ts";

/** Row of the key `demofusion`. */
export const demofusionKey = {
  does: "Settings of method: demofusion, each of which may be left out. It paints the picture at the size that the model was trained at, then at 2, 3, … times its sides, up to size; from the second phase on, every step denoises overlapping windows of the trained size and the same number of coarse copies of the whole picture.",
  syntax: "{ preset, steps, stride, cosine_scales, sigma, sampler, windows_at_once }",
  rule: "must be a mapping of settings",
  example: "{ steps: 50, sigma: 0.8 }",
  default: "the preset readme",
  flag: null,
  method: null,
  words: [],
  fields: {
    preset: {
      does: "Where the settings that are not written come from: readme is the published README's (50 steps, guidance 7.5, sigma 0.8, 16 windows at once), readme-8gb its one for less memory (40 steps, 4 windows at once), defaults are the published pipeline's own (guidance 5, sigma 1). All have stride 64 of 128 and cosine_scales [3, 1, 1].",
      rule: "must be readme, readme-8gb or defaults",
      example: "readme",
      words: ["readme", "readme-8gb", "defaults"],
    },
    steps: {
      does: "Steps of each phase.",
      rule: "must be a whole number from 1 to 1000",
      example: "50",
    },
    stride: {
      does: "How far the next window is from the one before, in latent cells of 8 pixels. Smaller strides overlap more and take longer. A model of another trained size scales the preset's.",
      rule: "must be a whole number from 1 to 128",
      example: "64",
    },
    cosine_scales: {
      does: "How fast three things fade as the noise falls, as exponents of a cosine: the pull towards the enlarged picture of the phase before, the weight of the coarse copies beside the windows, and the blur of the copies.",
      rule: "must be a list of three numbers from 0 to 100",
      example: "[3, 1, 1]",
    },
    sigma: {
      does: "Standard deviation of the blur of the coarse copies at the start of a phase, in latent cells.",
      rule: "must be a number above 0",
      example: "0.8",
    },
    sampler: {
      does: "The update after each step. euler is the one that Stable Diffusion XL is published with, and euler where it is left out; ddim is FreCaS's.",
      rule: "must be euler or ddim",
      example: "euler",
      words: ["euler", "ddim"],
    },
    windows_at_once: {
      does: "How many windows go through the network in one call: more take more memory, and less time on a device that has enough of it. It is fewer where memory is short, and always 1 on a CPU, which is no slower so.",
      rule: "must be a whole number from 1 to 64",
      example: "16",
    },
  },
  schema: demofusionSchema,
};

/** Row of the key `scalecrafter`. */
export const scalecrafterKey = {
  does: "Settings of method: scalecrafter, each of which may be left out. It paints the picture at its full size at once: in the first steps, convolutions of the UNet look further apart than they were trained to, so that they see as much of the large picture as of a small one. The taus count steps from the first one.",
  syntax: "{ steps, eta, table, dilate_tau, ndcfg_tau, inflate_tau, progressive, freeu }",
  rule: "must be a mapping of settings",
  example: "{ steps: 50 }",
  default: "the published configuration for the model and the size",
  flag: null,
  method: null,
  words: [],
  fields: {
    steps: {
      does: "Steps of the picture. The table's taus are of 50 steps and are scaled to these.",
      rule: "must be a whole number from 1 to 1000",
      example: "50",
    },
    eta: {
      does: "How much fresh noise each step adds: 0 none, 1 as published.",
      rule: "must be a number from 0 to 1",
      example: "1",
    },
    table: {
      does: "The published table that says which convolutions look how much further apart, by the size it was made for: 1024, 1280, 2048x1024 and 2048 for Stable Diffusion 1.x and 2.x, 2048, 2560, 4096x2048 and 4096 for Stable Diffusion XL, and as much smaller or larger for models of another trained size. Left out, it is the one for size; a size that has none needs it.",
      rule: SIZE_RULE,
      example: "2048",
    },
    dilate_tau: {
      does: "Steps in which convolutions look further apart; after them the network is as it was trained.",
      rule: "must be a whole number from 0 to 1000",
      example: "30",
    },
    ndcfg_tau: {
      does: "Steps of noise-damped guidance, in which a second network that is changed less answers without the prompt. Each is one call more.",
      rule: "must be a whole number from 0 to 1000",
      example: "35",
    },
    inflate_tau: {
      does: "Steps in which some kernels are spread over 5 by 5 cells (convolution dispersion), where the table says which: those of 16 times the trained size. At most dilate_tau. No published configuration uses it.",
      rule: "must be a whole number from 0 to 1000",
      example: "2",
    },
    progressive: {
      does: "Whether the factors of the table fall towards 2 with the steps.",
      rule: "must be on or off",
      example: "on",
      words: ["on", "off"],
    },
    freeu: {
      does: "Whether FreeU strengthens what comes from the small levels of the UNet, and weakens the coarsest waves of what goes past them. It is on as published, in all steps, but off for the built-in model.",
      rule: "must be on or off",
      example: "off",
      words: ["on", "off"],
    },
  },
  schema: scalecrafterSchema,
};
