// What the plan preview shows, as the editor sends it to the page, and what the page answers: numbers for what
// is drawn, text for what is read; the page decides nothing.
import { z } from "zod";
import type { Size } from "../../daemon/base/size.ts";

/** Cells of text; the first row's cells name the columns. */
export interface TextTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A label and its value. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface PlanFigure {
  readonly name: string;
  /** Model, method, precision, provider. */
  readonly subtitle: string;
  /** The numbers that one looks for first. */
  readonly keys: readonly Fact[];
  readonly warnings: readonly string[];
  readonly stages: readonly StageFigure[];
  readonly stageTable: TextTable;
  readonly noise: NoiseFigure;
  readonly work: WorkFigure;
  readonly memory: MemoryFigure;
  readonly facts: readonly Fact[];
}

/** A stage as a box. */
export interface StageFigure {
  /** Pixels. */
  readonly size: Size;
  readonly latent: Size;
  readonly steps: number;
  /** Side of the tiles that its picture is decoded in, or null for the whole at once. */
  readonly tilePx: number | null;
  /** A given picture takes its place. */
  readonly isGiven: boolean;
}

export interface NoiseFigure {
  /** Of what models of this kind call their noise. */
  readonly symbol: "ᾱ" | "σ";
  /** In the plan's order; a stage that is not sampled has none. */
  readonly stages: readonly (readonly NoisePoint[])[];
  /** From one stage that is sampled to the next. */
  readonly jumps: readonly NoiseJump[];
  /** The sentence that the plot shows. */
  readonly summary: string;
}

/**
 * A network call. `logSnr` is ln(signal² / noise²), or what there is alone: messages are JSON, which has no infinity.
 * `noise` is ᾱ or σ.
 */
export interface NoisePoint {
  readonly timestep: number;
  readonly noise: number;
  readonly logSnr: number | "noise" | "picture";
}

/** The noise that is put back when the picture is enlarged. */
export interface NoiseJump {
  /** Index of the stage that begins. */
  readonly into: number;
  readonly fromTimestep: number;
  readonly toTimestep: number;
  /** "−2.08, γ 3". */
  readonly label: string;
}

export interface WorkFigure {
  readonly table: TextTable;
  readonly parts: readonly WorkPart[];
}

/** A piece of the bar: its share of all operations, 0..1. `stage` is an index, null for what belongs to none. */
export interface WorkPart {
  readonly label: string;
  readonly kind: "text" | "denoiser" | "vae";
  readonly stage: number | null;
  readonly share: number;
}

/** Bytes. */
export interface MemoryFigure {
  readonly parts: readonly {
    readonly label: string;
    readonly bytes: number;
    readonly text: string;
  }[];
  readonly peak: number;
  readonly available: number;
  /** "0.4 GB of the 7.1 GB that are free." */
  readonly summary: string;
  /** What to change where it does not fit, a sentence, or null. */
  readonly advice: string | null;
  /** What the plan does so that it needs less. */
  readonly measures: readonly string[];
}

/** What the page shows. */
export type PlanViewState =
  | { readonly kind: "nothing"; readonly why: string }
  | {
      readonly kind: "shown";
      /** Several where the recipe is swept. */
      readonly figures: readonly PlanFigure[];
      /** Why these are not the text's as it is now, or null. */
      readonly stale: string | null;
    };

/** From the page, checked on the way in. */
export const fromPlanPageSchema = z.discriminatedUnion("kind", [
  /** The page has loaded and wants what there is to show. */
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("generate"), name: z.string().max(1000) }),
  /** Back to the recipe's editor. */
  z.strictObject({ kind: z.literal("leave") }),
]);

export type FromPlanPage = z.infer<typeof fromPlanPageSchema>;
