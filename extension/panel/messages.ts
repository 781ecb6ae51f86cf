// What the results panel's page and the editor say to each other: one union each way. The page is checked on the way
// in; what the editor sends is trusted.
import { z } from "zod";

/** A picture on the disk, as the page shows it. */
export interface ShownPicture {
  /** Absolute; names it. */
  readonly path: string;
  /** What the page loads; another one whenever the file is another. */
  readonly source: string;
  /** Of the recipe that painted it. */
  readonly recipe: string;
  /** The run that painted it; null where none of it is known. */
  readonly runId: number | null;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Null where the file does not say. */
  readonly seed: number | null;
  /** When it was painted, milliseconds since 1970. */
  readonly atMs: number;
  /** How long its run took; null where no run of it is known. */
  readonly seconds: number | null;
  /** What its stages painted on the way, the first stage first. */
  readonly stages: readonly ShownStage[];
  /** Whether attention maps of its run are kept. */
  readonly hasMaps: boolean;
  /** Pixels of the stage before the last one, where guidance parts low from high; null where there was none. */
  readonly lowSize: Pixels | null;
}

interface ShownStage {
  /** From 0. */
  readonly stage: number;
  /** What the page loads. */
  readonly source: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** The attention that each place of a picture had for each word of its prompt. */
export interface ShownMaps {
  readonly prompt: string;
  /** UTF-16 offsets in the prompt: the first character, and the one after the last. */
  readonly words: readonly { readonly start: number; readonly end: number }[];
  /** Cells of a map. */
  readonly grid: Pixels;
  /** 0 to 1, word after word, row after row. */
  readonly values: Float32Array;
}

/** What a run of the recipe is doing, or how the newest one ended. */
export type ShownWork =
  | { readonly kind: "idle" }
  /** `before` runs come first, of other recipes too. */
  | {
      readonly kind: "waiting";
      readonly runId: number;
      readonly before: number;
      readonly isPaused: boolean;
    }
  | {
      readonly kind: "running";
      readonly runId: number;
      /** Of the finished picture, in pixels. */
      readonly size: Pixels;
      readonly stages: readonly Pixels[];
      /** Null until the first step has ended. Indices from 0; `share` is 0 to 1 of the whole run. */
      readonly place: {
        readonly stage: number;
        readonly step: number;
        readonly steps: number;
        readonly share: number;
      } | null;
      readonly secondsLeft: number | null;
      readonly isStopping: boolean;
    }
  /** The daemon ended while a run was painted or waited, which goes on once one is up again. */
  | { readonly kind: "lost"; readonly runId: number; readonly size: Pixels }
  | { readonly kind: "failed"; readonly runId: number; readonly message: string }
  | { readonly kind: "cancelled"; readonly runId: number };

interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** What a run looks like by now; `png` is a file in base64, smaller than the picture will be. */
export interface ShownPreview {
  readonly runId: number;
  readonly stage: number;
  readonly step: number;
  readonly png: string;
}

/** One run of a comparison. */
export interface ShownMember {
  readonly runId: number;
  /** How it differs from the others. */
  readonly label: string;
  readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** Why it failed, else "". */
  readonly why: string;
  /** Of its pictures, in pixels. */
  readonly size: Pixels;
  /** Of each stage; 0 where a given picture stands in for it. */
  readonly steps: readonly number[];
  /** Paths of what it has painted by now, without what other runs have painted over. */
  readonly pictures: readonly string[];
  /** How long it took; null before its end. */
  readonly seconds: number | null;
  /** Null where its plan is not known. */
  readonly plan: {
    /** Floating point operations of the network, in units of those of the member called `of`. */
    readonly cost: number;
    readonly of: string;
    /** The most memory that it is planned to hold. */
    readonly peakBytes: number;
  } | null;
  /** The most memory that its engine had held by its end, for earlier runs too; null before. */
  readonly engineBytes: number | null;
}

/** To the page. */
export type ToResults =
  | { readonly kind: "recipe"; readonly uri: string; readonly name: string; readonly file: string }
  /** Newest first. */
  | { readonly kind: "pictures"; readonly pictures: readonly ShownPicture[] }
  | { readonly kind: "work"; readonly work: ShownWork }
  | { readonly kind: "preview"; readonly preview: ShownPreview }
  /** The answer to `maps`; null where none are there any more. */
  | { readonly kind: "maps"; readonly path: string; readonly maps: ShownMaps | null }
  /** The newest runs that were submitted together; none where there are no such. */
  | { readonly kind: "comparison"; readonly members: readonly ShownMember[] }
  /** Show this picture, or for null what is newest, whatever was chosen before; compare: side by side. */
  | {
      readonly kind: "follow";
      readonly view: "picture" | "compare";
      readonly path: string | null;
    }
  | { readonly kind: "notice"; readonly tone: "info" | "error"; readonly text: string };

/** Bytes of a picture whose recipe is opened. */
export const mostDroppedBytes = 256 * 2 ** 20;

const path = z.string().max(10_000);
const runId = z.number().int().positive();

/** From the page. */
export const fromResultsSchema = z.discriminatedUnion("kind", [
  /** The page has loaded and wants everything. */
  z.strictObject({ kind: z.literal("ready") }),
  /** A picture that it was told of cannot be loaded: is it still there? */
  z.strictObject({ kind: z.literal("look") }),
  /** Back to the recipe's editor. */
  z.strictObject({ kind: z.literal("leave") }),
  z.strictObject({ kind: z.literal("generate") }),
  z.strictObject({ kind: z.literal("stop"), runId }),
  z.strictObject({ kind: z.literal("retry"), runId }),
  /** Start the daemon again, where it has ended. */
  z.strictObject({ kind: z.literal("goOn") }),
  z.strictObject({ kind: z.literal("openLog") }),
  /** Wants the attention maps of a picture. */
  z.strictObject({ kind: z.literal("maps"), path }),
  z.strictObject({ kind: z.literal("openRecipe"), path }),
  z.strictObject({ kind: z.literal("saveAs"), path }),
  z.strictObject({ kind: z.literal("reveal"), path }),
  z.strictObject({ kind: z.literal("copyPath"), path }),
  /** Opens the recipe of a picture that is chosen in a dialog. */
  z.strictObject({ kind: z.literal("choosePicture") }),
  z.strictObject({
    kind: z.literal("dropped"),
    name: z.string().max(1000),
    bytes: z
      .custom<Uint8Array>((value) => value instanceof Uint8Array)
      .refine((bytes) => bytes.length <= mostDroppedBytes),
  }),
  z.strictObject({ kind: z.literal("droppedUri"), uri: path }),
]);

export type FromResults = z.infer<typeof fromResultsSchema>;
