// What the page and its worker say to each other. They are of one build, so nothing is checked.
import type { RadialSpectrum } from "../../../daemon/measure/radial-spectrum.ts";
import type { Extent } from "./zoom.ts";

/** Pictures are named by the page; their pixels come once, as a bitmap that the page gives away. */
export type ToWorker =
  | { readonly kind: "picture"; readonly name: string; readonly bitmap: ImageBitmap }
  | { readonly kind: "forget"; readonly name: string }
  | { readonly kind: "spectrum"; readonly name: string }
  /** The low band fits into `share` of the picture's sides. */
  | { readonly kind: "bands"; readonly name: string; readonly share: number };

export type FromWorker =
  | { readonly kind: "spectrum"; readonly name: string; readonly spectrum: MeasuredSpectrum }
  | {
      readonly kind: "bands";
      readonly name: string;
      readonly low: ImageBitmap;
      readonly high: ImageBitmap;
    }
  /** The answer to `of` where there is no other: there was not the memory, for example. */
  | { readonly kind: "failed"; readonly name: string; readonly of: "spectrum" | "bands" };

export interface MeasuredSpectrum extends RadialSpectrum {
  /** Of the picture, in its own pixels. */
  readonly size: Extent;
  /** Of the whole spectrum; null where there is too little of it. */
  readonly slope: number | null;
}
