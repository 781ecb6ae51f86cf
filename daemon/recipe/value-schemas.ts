// Schemas of the values that are more than one number or word: sizes, stages, weights, templates.
// An issue carries its own sentence (`Objection`); a plain zod issue takes the rule of its key.
import { z } from "zod";
import { type Size, showSize } from "../base/size.ts";
import type { FrequencyGuidance, LoraRecipe, StageRecipe } from "./recipe.ts";

/** What a schema of this project says about a value; travels in an issue's `params`. */
export interface Objection {
  readonly code: string;
  readonly rule: string;
  readonly todo: string;
  readonly got?: string;
  readonly fix?: string;
}

const SIDE_STEP = 8;
const LONGEST_SIDE = 16384;

/** `N` or `WxH` in pixels. */
export const sizeSchema = z.union([z.number(), z.string()]).transform((written, context): Size => {
  const sides = /^(\d{1,6})(?:\s*[x×X]\s*(\d{1,6}))?$/.exec(String(written).trim());
  if (sides === null) {
    context.addIssue(object({ code: "bad-value", rule: SIZE_RULE, todo: SIZE_TODO }));
    return z.NEVER;
  }
  const width = Number(sides[1]);
  const size = { width, height: Number(sides[2] ?? width) };
  const fitted = { width: roundToStep(size.width), height: roundToStep(size.height) };
  if (fitted.width !== size.width || fitted.height !== size.height) {
    const fix = writeSize(fitted);
    context.addIssue(
      object({ code: "size-not-multiple", rule: SIZE_RULE, todo: `write ${fix}`, fix }),
    );
    return z.NEVER;
  }
  return size;
});

/** The rule of every size, in words. */
export const SIZE_RULE = `must be a width or width x height in pixels, multiples of ${SIDE_STEP} up to ${LONGEST_SIDE}`;
const SIZE_TODO = "write for example 512 or 1024x512";

function roundToStep(side: number): number {
  const near = Math.round(side / SIDE_STEP) * SIDE_STEP;
  return Math.min(Math.max(near, SIDE_STEP), LONGEST_SIDE);
}

/** The shortest text that reads back as this size. */
export function writeSize(size: Size): string {
  return size.width === size.height ? String(size.width) : showSize(size, "x");
}

const LAST_TIMESTEP = 999;

/** Stages as written, `until` of the last one filled in. */
export const stagesSchema = z
  .array(
    z.strictObject({
      size: sizeSchema,
      steps: z.int().min(1).max(1000),
      until: z.int().min(0).max(LAST_TIMESTEP).optional(),
    }),
  )
  .min(1)
  .superRefine((stages, context) => {
    stages.forEach((stage, index) => {
      checkUntil(stage.until, { index, isLast: index === stages.length - 1 }, context);
      checkGrowth(stages[index - 1]?.size, stage.size, index, context);
    });
  })
  .transform((stages): readonly StageRecipe[] =>
    stages.map(({ size, steps, until }) => ({ size, steps, until: until ?? 0 })),
  );

function checkUntil(
  until: number | undefined,
  place: { readonly index: number; readonly isLast: boolean },
  context: z.RefinementCtx,
): void {
  if (until === undefined && !place.isLast) {
    context.addIssue({
      ...object({
        code: "until-missing",
        rule: "every stage but the last must say the timestep it ends at, until",
        got: "none",
        todo: "write for example until: 200",
      }),
      path: [place.index],
    });
  }
  if (until !== undefined && until !== 0 && place.isLast) {
    context.addIssue({
      ...object({
        code: "until-not-zero",
        rule: "must be 0 for the last stage",
        todo: "write 0 or remove it",
        fix: "0",
      }),
      path: [place.index, "until"],
    });
  }
}

function checkGrowth(
  before: Size | undefined,
  size: Size,
  index: number,
  context: z.RefinementCtx,
): void {
  const smaller =
    before !== undefined && (size.width < before.width || size.height < before.height);
  const same = before?.width === size.width && before.height === size.height;
  if (before !== undefined && (smaller || same)) {
    context.addIssue({
      ...object({
        code: "stages-not-growing",
        rule: "each stage must be larger than the one before, and smaller on no side",
        got: `${showSize(size)} after ${showSize(before)}`,
        todo: "write a larger size",
      }),
      path: [index, "size"],
    });
  }
}

const weight = z.number().min(0);

/** One number for both bands, or one for each. */
export const frequencyGuidanceSchema = z.union([
  weight.transform((both): FrequencyGuidance => ({ high: both, low: both, single: true })),
  z
    .strictObject({ high: weight, low: weight })
    .transform((weights): FrequencyGuidance => ({ ...weights, single: false })),
]);

const OUTPUT_WORDS = ["name", "prompt", "image", "seed"];

/** A path of a PNG with names in braces. */
export const outputSchema = z
  .string()
  .trim()
  .superRefine((path, context) => {
    const stranger = Array.from(path.matchAll(/\{([^{}]*)\}/g), (found) => found[1] ?? "").find(
      (word) => !OUTPUT_WORDS.includes(word),
    );
    if (stranger !== undefined) {
      context.addIssue(
        object({
          code: "unknown-placeholder",
          rule: `must hold no other names in braces than ${OUTPUT_WORDS.join(", ")}`,
          got: `{${stranger}}`,
          todo: "write one of these, or no braces",
        }),
      );
    }
    if (!path.toLowerCase().endsWith(".png")) {
      context.addIssue(
        object({
          code: "output-not-png",
          rule: "must be the path of a PNG",
          todo: "end it in .png, for example results/{name}/{prompt}.{image}.png",
        }),
      );
    }
  });

/** Text that is not empty once its outer white space is gone. */
export const textSchema = z.string().trim().min(1);

/** Letters, digits, `-` and `_`, of any script. */
export const nameSchema = z.string().regex(/^[\p{L}\p{M}\p{N}_-]+$/u);

/** -0 is 0. */
const loraWeightSchema = z
  .number()
  .min(-100)
  .max(100)
  .transform((value) => value + 0);

/** Files with their weights; a file alone has weight 1. An empty list is none, where another recipe has some. */
export const loraSchema = z.array(
  z.union([
    textSchema.transform((file): LoraRecipe => ({ file, weight: 1 })),
    z.strictObject({ file: textSchema, weight: loraWeightSchema.default(1) }),
  ]),
);

function object(objection: Objection): {
  readonly code: "custom";
  readonly params: Record<string, unknown>;
} {
  return { code: "custom", params: { ...objection } };
}
