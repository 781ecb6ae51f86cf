// What a comparison is: one recipe under several methods or changes, each with its pictures, what they cost, and what was
// measured of them. Serialised as comparison.json.
import { basename } from "node:path";
import type { Size } from "../base/size.ts";
import type { Measures } from "./measure-pictures.ts";

/** Changes with every change of the fields or their meaning. */
const COMPARISON_VERSION = 2;

/** What the recipe says, or else the method's own default: so rows may differ by that besides what they are called. */
interface PaintedWith {
  /** Of each stage, 0 where a given picture stands in for it. */
  readonly steps: readonly number[];
  readonly guidance: number;
  /** null: zeros take the place of its vectors. */
  readonly negative: string | null;
}

/** One method or change. */
export interface Compared {
  readonly label: string;
  readonly size: Size;
  readonly painted: PaintedWith;
  /** Absolute paths, prompt by prompt. */
  readonly pictures: readonly string[];
  /** Of those of the small pictures that it is measured against; null where there are none. */
  readonly small: readonly string[] | null;
  /** Of the UNet or MMDiT, over all pictures. */
  readonly networkCalls: number;
  /** Floating point operations of those calls, and of everything; a multiply-add is 2. */
  readonly networkFlops: number;
  readonly totalFlops: number;
  /** From the first network call to the last picture, without the time in which networks were opened. */
  readonly seconds: number;
  /** The most memory that the engine's process has held. */
  readonly peakBytes: number;
  readonly measures: Measures;
}

/** The built-in model's pictures at the size it was trained at, which the large ones are measured against. */
interface SmallPicture {
  readonly size: Size;
  /** Of all rows; each row has its own, which rows that paint the same share. */
  readonly pictures: readonly string[];
  /** What the large ones' are judged beside. */
  readonly measures: Measures;
}

export interface Comparison {
  readonly name: string;
  readonly model: string;
  readonly prompts: readonly string[];
  /** Of the first prompt. */
  readonly seed: number;
  /** At least one; costs are told as multiples of the one at `baseline`. */
  readonly compared: readonly Compared[];
  readonly baseline: number;
  /** What was asked for and cannot be painted, and why: a sentence. */
  readonly leftOut: readonly { readonly label: string; readonly why: string }[];
  /** Whether each had a process of its own; else `peakBytes` is what the daemon's engine has held so far. */
  readonly memory: "own" | "so far";
  /** Null where nothing is measured against it. */
  readonly small: SmallPicture | null;
}

/** How many times the network cost of the baseline. */
export function costRatio({ compared, baseline }: Comparison, index: number): number {
  const of = (place: number): number => (compared[place] as Compared).networkFlops;
  return of(index) / of(baseline);
}

/** For the folder that sheet and pictures lie in: these are told by their names. */
export function comparisonJson(
  comparison: Comparison,
  sheet: string,
): Readonly<Record<string, unknown>> {
  const { compared, small, ...rest } = comparison;
  const named = (paths: readonly string[]): readonly string[] =>
    paths.map((path) => basename(path));
  return {
    version: COMPARISON_VERSION,
    ...rest,
    baseline: compared[rest.baseline]?.label,
    sheet,
    small: small && { ...small, pictures: named(small.pictures) },
    compared: compared.map((each, index) => ({
      ...each,
      pictures: named(each.pictures),
      small: each.small && named(each.small),
      costRatio: costRatio(comparison, index),
    })),
  };
}
