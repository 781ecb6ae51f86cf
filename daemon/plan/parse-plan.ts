// A plan from another process: unknown JSON → Plan. The schema and the type are checked against each other
// by the compiler, in both directions.
import { z } from "zod";
import { invalidRecipe } from "../base/failure.ts";
import { providers } from "../base/provider.ts";
import { PLAN_VERSION, type Plan, type PlannedStage } from "./plan.ts";

/** Throws `invalidRecipe` with the first field that breaks a rule. */
export function parsePlan(json: unknown): Plan {
  const result = planSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") || "the whole";
  throw invalidRecipe(
    `plan: must be a plan of version ${PLAN_VERSION}, got ${field} with "${issue?.message ?? "something else"}"; plan the recipe again, and let all parts of FreCaS be of one version`,
  );
}

const text = z.string();
const number = z.number();
const amount = z.number().nonnegative();
const count = z.number().int().nonnegative();
const positive = z.number().int().positive();
const positiveNumber = z.number().positive();
const share = z.number().min(0).max(1);

const size = z.strictObject({ width: positive, height: positive }).readonly();

const guidance = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }).readonly(),
  z.strictObject({ kind: z.literal("cfg"), scale: number }).readonly(),
  z.strictObject({ kind: z.literal("damped"), scale: number }).readonly(),
  z
    .strictObject({
      kind: z.literal("frequency"),
      high: number,
      low: number.nullable(),
      lowSize: size,
    })
    .readonly(),
]);

const timestep = count.max(999);

const ddim = {
  timestep,
  parametrisation: z.enum(["epsilon", "v_prediction"]),
  alphaBar: share,
  nextAlphaBar: share,
};

const step = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ddim"), ...ddim }).readonly(),
  z
    .strictObject({
      kind: z.literal("redilated"),
      ...ddim,
      sigma: share,
      network: count,
      damping: count.nullable(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal("flow"), timestep, sigma: share, nextSigma: share }).readonly(),
  z
    .strictObject({
      kind: z.literal("euler"),
      timestep,
      parametrisation: z.enum(["epsilon", "v_prediction"]),
      sigma: z.number().positive(),
      nextSigma: amount,
      inputSigma: amount,
      laterInputSigma: amount,
    })
    .readonly(),
]);

const stage = z
  .strictObject({
    size,
    latent: size,
    steps: z.array(step).readonly(),
    guidance,
    attentionReuse: z
      .strictObject({ weight: share, factor: amount, resize: z.enum(["picture", "matrix"]) })
      .readonly()
      .nullable(),
    collectsMaps: z.boolean(),
    tiledEncode: z.boolean(),
    tiledDecode: z.boolean(),
    vaeWorkspace: z.enum(["keep", "release"]),
    encodesAlone: z.boolean(),
    decodesAlone: z.boolean(),
    sides: z.enum(["together", "apart"]),
  })
  .readonly();

const prompt = z
  .strictObject({
    index: count,
    text,
    seed: count.max(2 ** 32 - 1),
    outputs: z.array(text).min(1).readonly(),
  })
  .readonly();

const init = z
  .strictObject({
    image: text,
    sha256: text.regex(/^[\da-f]{64}$/),
    size,
    stage: positive,
  })
  .readonly();

const lora = z
  .strictObject({ file: text, bytes: count, modifiedMs: amount, weight: number })
  .readonly();

const cost = z
  .strictObject({
    text: amount,
    denoiserByStage: z.array(amount).readonly(),
    vaeByStage: z.array(amount).readonly(),
    total: amount,
    networkCalls: count,
    tokensPerCall: z.array(count).readonly(),
  })
  .readonly();

const shared = z.strictObject({
  version: z.literal(PLAN_VERSION),
  name: text,
  variant: z.enum(["corrected", "published"]),
  model: z
    .strictObject({
      name: text,
      folder: text,
      family: z.enum(["sd", "sdxl", "sd3"]),
      t5: z.enum(["used", "unused"]),
    })
    .readonly(),
  loras: z.array(lora).readonly(),
  provider: z.enum(providers),
  precision: z.enum(["fp32", "fp16"]),
  scoresAtOnce: positive.nullable(),
  guidance: number,
  negative: text.nullable(),
  images: positive,
  prompts: z.array(prompt).min(1).readonly(),
  init: init.nullable(),
  stages: z.array(stage).min(1).readonly(),
  encodeShift: number,
  tilePx: positive,
  recipe: text.nullable(),
  cost,
  memory: z
    .strictObject({
      weights: amount,
      activations: amount,
      peak: amount,
      advice: text.nullable(),
    })
    .readonly(),
});

const demofusion = z
  .strictObject({
    cosineScales: z.tuple([amount, amount, amount]).readonly(),
    sigma: z.number().positive(),
    window: positive,
    stride: positive,
    windowsAtOnce: positive,
    firstBatch: positive,
    frameOrigin: count,
    tiles: z.strictObject({ core: positive, border: count }).readonly(),
  })
  .readonly();

const network = z
  .strictObject({
    convolutions: z
      .record(text, z.strictObject({ factor: positiveNumber, disperses: z.boolean() }).readonly())
      .readonly(),
    freeU: z.strictObject({ b1: number, b2: number, s1: number, s2: number }).readonly().nullable(),
  })
  .readonly();

const scalecrafter = z
  .strictObject({
    networks: z.array(network).min(1).readonly(),
    dampingSides: z.union([z.literal(1), z.literal(2)]),
    networksAtOnce: z.union([z.literal(1), z.literal(2)]),
  })
  .readonly();

const planSchema = exactly<Plan>()(
  z
    .discriminatedUnion("method", [
      shared.extend({ method: z.enum(["frecas", "direct"]) }).readonly(),
      shared.extend({ method: z.literal("demofusion"), demofusion }).readonly(),
      shared.extend({ method: z.literal("scalecrafter"), scalecrafter }).readonly(),
    ])
    .refine(({ init, stages }) => init === null || init.stage < stages.length, {
      path: ["init", "stage"],
      error: "must be one of the stages",
    })
    .refine(({ init, stages }) => stages.slice(init?.stage ?? 0).every(hasSteps), {
      path: ["stages"],
      error: "must have steps",
    }),
);

function hasSteps({ steps }: PlannedStage): boolean {
  return steps.length > 0;
}

/** Takes a schema of T only: one that accepts less or more does not compile. */
function exactly<T>() {
  return <S extends z.ZodType<T>>(schema: [T] extends [z.output<S>] ? S : never): S => schema;
}
