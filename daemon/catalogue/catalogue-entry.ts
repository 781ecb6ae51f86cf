// One line of the catalogue: what a model is, and whether it can paint. Plain data, for a table, JSON or completion.
import type { ModelSource } from "./find-roots.ts";

export interface CatalogueEntry {
  /** What to write as a recipe's `model`. */
  readonly name: string;
  readonly source: ModelSource;
  /** Folder in which it was looked for. */
  readonly place: string;
  /** Absolute: the model's folder or its single file. */
  readonly path: string;
  /** On disk, links followed; 0 where that cannot be seen. */
  readonly bytes: number;
  /** null where the model's configs cannot be read. */
  readonly facts: ModelFacts | null;
  readonly state: ModelState;
}

export interface ModelFacts {
  readonly family: FamilyName;
  /** Side of the pictures that the model was trained on. */
  readonly nativePx: number;
  /** Of its weights; null where none can be read. */
  readonly precision: WeightPrecision | null;
}

/** "sd" is a Stable Diffusion of other sizes than the published ones. */
export type FamilyName = "sd" | "sd15" | "sd21" | "sdxl" | "sd3" | "sd35";

export type WeightPrecision = "fp32" | "fp16" | "bf16" | "fp8" | "mixed" | "other";

/** Sentences for people. */
export type ModelState =
  | { readonly kind: "complete" }
  | { readonly kind: "incomplete"; readonly missing: readonly string[] }
  | { readonly kind: "refused"; readonly why: string };
