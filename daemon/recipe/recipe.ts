// What a recipe says, checked and resolved, before a model's presets fill the gaps.
// A key the author left out is absent here; defaults are decided in one place, the plan.
import type { Range } from "../base/problem.ts";
import type { Size } from "../base/size.ts";

/** One stage as written: size in pixels, number of steps, last timestep (0..999). */
export interface StageRecipe {
  readonly size: Size;
  readonly steps: number;
  readonly until: number;
}

/** Weights of frequency-aware guidance (method §5); `single` when the author gave one number for both. */
export interface FrequencyGuidance {
  readonly high: number;
  readonly low: number;
  readonly single: boolean;
}

/** What is written for a model: a file's name may be that of one beside the recipe, or of one elsewhere. */
interface WrittenModel {
  readonly text: string;
  /** Where it is written, or what stands for that place. */
  readonly range: Range;
  /** What messages call it. */
  readonly who: string;
  /** Only for "text" does the range hold its letters. */
  readonly origin: "text" | "base" | "change";
}

/** Where each key's value is written, or what stands for that place. */
type KeyRanges = Readonly<Record<string, Range>>;

/** A LoRA's file, and how strongly it acts: 1 as it was trained, 0 not at all. */
export interface LoraRecipe {
  readonly file: string;
  readonly weight: number;
}

/** How a picture is painted at a size beyond the one that its model was trained at. */
export type Method = "frecas" | "demofusion" | "scalecrafter" | "direct";

/** What is written of DemoFusion's settings; `stride` in latent cells. */
export interface DemofusionRecipe {
  readonly preset?: "readme" | "readme-8gb" | "defaults" | undefined;
  readonly steps?: number | undefined;
  readonly stride?: number | undefined;
  readonly cosineScales?: readonly [number, number, number] | undefined;
  readonly sigma?: number | undefined;
  readonly sampler?: "euler" | "ddim" | undefined;
  readonly windowsAtOnce?: number | undefined;
}

/** What is written of ScaleCrafter's settings. */
export interface ScalecrafterRecipe {
  readonly steps?: number | undefined;
  readonly eta?: number | undefined;
  /** The size whose published table is used, in pixels of the model. */
  readonly table?: Size | undefined;
  /** Steps that each change of the network lasts. */
  readonly dilateTau?: number | undefined;
  readonly ndcfgTau?: number | undefined;
  readonly inflateTau?: number | undefined;
  readonly progressive?: "on" | "off" | undefined;
  readonly freeu?: "on" | "off" | undefined;
}

/** One picture-making instruction: after `extends` and `sweep` are resolved. Paths are absolute. */
export interface Recipe {
  readonly name: string;
  /** A name, or an absolute path. */
  readonly model: string | undefined;
  /** The same as its author wrote it; absent where the recipe comes from no text. */
  readonly writtenModel?: WrittenModel;
  /** By the keys' names; absent where the recipe comes from no text. */
  readonly keyRanges?: KeyRanges;
  readonly lora: readonly LoraRecipe[] | undefined;
  readonly prompts: readonly string[];
  readonly negative: string | undefined;
  readonly seed: number | "random" | undefined;
  readonly images: number | undefined;
  readonly guidance: number | undefined;
  readonly size: Size | undefined;
  readonly stages: readonly StageRecipe[] | undefined;
  readonly gamma: number | undefined;
  readonly frequencyGuidance: FrequencyGuidance | undefined;
  readonly attentionReuse: number | undefined;
  readonly tiling: "auto" | "on" | "off" | undefined;
  readonly precision: "auto" | "fp32" | "fp16" | undefined;
  readonly t5: "auto" | "on" | "off" | undefined;
  readonly variant: "corrected" | "published" | undefined;
  readonly method: Method | undefined;
  readonly demofusion: DemofusionRecipe | undefined;
  readonly scalecrafter: ScalecrafterRecipe | undefined;
  /** An existing picture, and the stage that enlarges it: counted from 1, so at least 2. */
  readonly init: { readonly image: string; readonly from?: number | undefined } | undefined;
  /** The same recipe under each list of changes, already resolved; empty without `compare`. */
  readonly compare: readonly Recipe[];
  /** Path template with {name} {prompt} {image} {seed}; absolute. */
  readonly output: string | undefined;
  readonly metadata: "on" | "off" | undefined;
  /** Where the recipe stands in its file. */
  readonly range: Range;
  /** The recipe as YAML text that stands alone (nothing extended, nothing swept): goes into pictures. */
  readonly source: string;
}
