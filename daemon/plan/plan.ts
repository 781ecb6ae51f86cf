// The plan: plain JSON that decides everything about a run. The same plan gives the same bytes.
// The sampler and the pipeline read it and decide nothing themselves.
import type { Provider } from "../base/provider.ts";
import type { Size } from "../base/size.ts";
import type { ModelFamily } from "../config/model-config.ts";
import type { LoraFile } from "../config/read-lora.ts";
import type { PlannedMethod } from "./planned-method.ts";

/** Changes with every change of the plan's fields or their meaning; a plan of another version is refused. */
export const PLAN_VERSION = 4;

/** Guidance of one stage (method §5). `lowSize` is the previous stage's latent, in latent cells. */
export type StageGuidance =
  | { readonly kind: "none" }
  | { readonly kind: "cfg"; readonly scale: number }
  /** The same, but in steps with a second network its answer without the prompt is what is guided. */
  | { readonly kind: "damped"; readonly scale: number }
  | {
      readonly kind: "frequency";
      readonly high: number;
      /** null: the low band is dropped altogether (published code with a single weight). */
      readonly low: number | null;
      readonly lowSize: Size;
    };

/** One network call and the scheduler update after it (method §3). `timestep` 0..999 is as recipes say it. */
export type PlannedStep = DdimStep | FlowStep | EulerStep | RedilatedStep;

/** alphaBar is the cumulative product at `timestep`; the network predicts noise, or v = √ᾱ·ε − √(1−ᾱ)·x0. */
export interface DdimStep {
  readonly kind: "ddim";
  readonly timestep: number;
  readonly parametrisation: "epsilon" | "v_prediction";
  readonly alphaBar: number;
  readonly nextAlphaBar: number;
}

/** DDIM's step with fresh noise, and with networks that look further apart: places in the plan's list of them. */
interface RedilatedStep extends Omit<DdimStep, "kind"> {
  readonly kind: "redilated";
  /** Standard deviation of the fresh noise; 0 draws none. */
  readonly sigma: number;
  readonly network: number;
  /** The second network of noise-damped guidance. */
  readonly damping: number | null;
}

/** Euler's step of flow matching, where x = (1 − σ)·x0 + σ·ε. The network is told 1000·σ. */
interface FlowStep {
  readonly kind: "flow";
  readonly timestep: number;
  readonly sigma: number;
  readonly nextSigma: number;
}

/** Euler's step of a model that predicts noise or v, where x = x0 + σ·ε. The network sees x / √(σ² + 1). */
interface EulerStep {
  readonly kind: "euler";
  readonly timestep: number;
  readonly parametrisation: "epsilon" | "v_prediction";
  readonly sigma: number;
  readonly nextSigma: number;
  /** The σ that scales the network's input: in the step's first call, and in its later ones. */
  readonly inputSigma: number;
  readonly laterInputSigma: number;
}

/** One stage of the cascade (method §1, §2). */
export interface PlannedStage {
  /** Pixels. */
  readonly size: Size;
  /** Latent cells: a picture of 8 by 8 pixels each. */
  readonly latent: Size;
  /** One at least in a stage that is sampled; `PlannedInit` says which are not. */
  readonly steps: readonly PlannedStep[];
  readonly guidance: StageGuidance;
  /**
   * How maps of the stage before are used; null in the first stage and for `direct`. `factor` comes on top of the
   * recipe's weight: 1 in cross-attention, where a map takes part of the attention's place (method §6).
   */
  readonly attentionReuse: {
    readonly weight: number;
    readonly factor: number;
    readonly resize: "picture" | "matrix";
  } | null;
  /** Whether the last call of the stage collects maps for the next one. */
  readonly collectsMaps: boolean;
  /** Whether the VAE encodes into this stage (never noise) and decodes out of it in tiles. */
  readonly tiledEncode: boolean;
  readonly tiledDecode: boolean;
  readonly vaeWorkspace: VaeWorkspace;
  /**
   * Whether the denoiser is closed before the VAE encodes into this stage, and before it decodes out of it; it opens again
   * at its next call. Pictures are the same, memory is less, and opening takes its time again.
   */
  readonly encodesAlone: boolean;
  readonly decodesAlone: boolean;
  readonly sides: GuidanceSides;
}

/**
 * Whether both sides of guidance go in one call of the network (faster), or in two, one after the other (which takes half
 * the working memory). `together` where there is one side.
 */
export type GuidanceSides = "together" | "apart";

/**
 * Whether the VAE keeps freed memory for its next layer (faster: fresh pages cost a small VAE as much as its
 * arithmetic) or gives it back at once (a large picture must not take more than it needs).
 */
export type VaeWorkspace = "keep" | "release";

/**
 * An existing picture in place of what the stages before would have painted. These have no steps, but for the last of
 * them where it collects maps: one, a network call on the picture with the noise of that step.
 */
export interface PlannedInit {
  /** Absolute path. */
  readonly image: string;
  /** Of the file's bytes, in hexadecimal; the run refuses any others. */
  readonly sha256: string;
  /** Of the picture in pixels; it is resized to the size of the stage before `stage`. */
  readonly size: Size;
  /** The stage that enlarges it, an index of `stages`, 1 at least. */
  readonly stage: number;
}

/** One prompt and where its pictures go. */
export interface PlannedPrompt {
  /** From 0. */
  readonly index: number;
  readonly text: string;
  /** Seed of the generator that draws all of this prompt's images: recipe seed + index. */
  readonly seed: number;
  /** Absolute path of each image's PNG. */
  readonly outputs: readonly string[];
}

/** A LoRA file, checked to be the same when it is opened, and how strongly it acts: never 0. */
export interface PlannedLora extends LoraFile {
  readonly weight: number;
}

/** Floating point operations (a multiply-add is 2) of one image batch of one prompt, by part. */
export interface PlannedCost {
  /** Both texts. */
  readonly text: number;
  readonly denoiserByStage: readonly number[];
  /** Encoding into the stage and decoding out of it. */
  readonly vaeByStage: readonly number[];
  readonly total: number;
  /** Calls of the UNet or MMDiT. */
  readonly networkCalls: number;
  /** Latent cells that the network sees in one step of each stage, over the whole batch. */
  readonly tokensPerCall: readonly number[];
}

/** Bytes. `peak` is the engine process at its largest. */
export interface PlannedMemory {
  /** As the networks hold them, with their mapped files. */
  readonly weights: number;
  /** Working memory of the networks that are open at the same time, at its largest. */
  readonly activations: number;
  readonly peak: number;
  /** Where that is more than there was when the plan was made: what to change, as the end of a sentence; else null. */
  readonly advice: string | null;
}

/** Everything a run needs to know besides the weights. */
export type Plan = SharedPlan & PlannedMethod;

/** A plan of DemoFusion. */
export type DemofusionPlan = Extract<Plan, { readonly method: "demofusion" }>;

/** What plans of every method have. */
export interface SharedPlan {
  readonly version: typeof PLAN_VERSION;
  readonly name: string;
  readonly variant: "corrected" | "published";
  /** What the recipe called the model, and the absolute folder it was found in. */
  readonly model: {
    readonly name: string;
    readonly folder: string;
    readonly family: ModelFamily;
    /** Whether T5 reads the texts; where it does not, a Stable Diffusion 3 gets zeros in its place. */
    readonly t5: "used" | "unused";
  };
  /** In the recipe's order; a LoRA of weight 0 changes nothing and is none of them. */
  readonly loras: readonly PlannedLora[];
  /** Where the networks run. */
  readonly provider: Provider;
  readonly precision: "fp32" | "fp16";
  /**
   * Most attention scores (queries × keys, of all heads and items) in memory at once; null: all of them. The CPU's kernel
   * holds none, so there it is null.
   */
  readonly scoresAtOnce: number | null;
  readonly guidance: number;
  /** null: zeros take the place of its vectors. */
  readonly negative: string | null;
  readonly images: number;
  readonly prompts: readonly PlannedPrompt[];
  /** null: the first stage begins with noise. */
  readonly init: PlannedInit | null;
  readonly stages: readonly PlannedStage[];
  /** Scaled latent = (what the VAE gives − this) · scaling factor, on the way into a stage (method §4). */
  readonly encodeShift: number;
  /** Tile side in pixels where a stage is tiled (the VAE's sample_size); overlap is a quarter of it. */
  readonly tilePx: number;
  /** Text of the recipe for the picture's metadata, or null with `metadata: off`. */
  readonly recipe: string | null;
  readonly cost: PlannedCost;
  readonly memory: PlannedMemory;
}
