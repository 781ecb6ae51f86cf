// ScaleCrafter's plans: each step's networks against the published code's, costs against the note's counts, what is refused.
import { expect, it, test } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import type { ConvolutionChange } from "../../daemon/config/unet-variant.ts";
import { makePlan, type PlanOptions } from "../../daemon/plan/make-plan.ts";
import { parsePlan } from "../../daemon/plan/parse-plan.ts";
import { showPlan } from "../../daemon/plan/show-plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import {
  scalecrafterGolden,
  scalecrafterOf,
  scalecrafterPlan,
} from "../support/scalecrafter-run.ts";
import { optionsOf, planOf, recipeOf, sd21, sdxl, square, vista } from "./plan-inputs.ts";

const crafted = (
  changes: Partial<Recipe> = {},
  model: ModelConfig = sdxl,
  options: Partial<PlanOptions> = {},
) => {
  const recipe = recipeOf({ method: "scalecrafter", ...changes });
  return scalecrafterOf(makePlan(recipe, model, optionsOf(options)).plan);
};

type Plan = ReturnType<typeof crafted>;

const stepsOf = (plan: Plan) =>
  (plan.stages[0]?.steps ?? []).flatMap((step) => (step.kind === "redilated" ? [step] : []));

const changesOf = (plan: Plan, network: number | null | undefined) =>
  plan.scalecrafter.networks[network ?? -1]?.convolutions ?? {};

/** Of the published run in its first step. */
function published(
  factors: Readonly<Record<string, number>>,
  dispersed: readonly string[],
): Readonly<Record<string, ConvolutionChange>> {
  const changed = Object.entries(factors).map(([path, factor]): [string, ConvolutionChange] => {
    const disperses = dispersed.includes(path);
    return [path, { factor: disperses ? factor / 2 : factor, disperses }];
  });
  return Object.fromEntries(changed);
}

test.each([
  "sdxl-2x",
  "sdxl-2x-eta0",
  "sdxl-2x-freeu",
  "sdxl-4x",
  "sdxl-4x-disperse",
  "sd21-2x",
  "sd21-2.5x",
  "sd21-4x-disperse",
  "sd15-2x",
])("%s changes what the published run changes, in the same steps", (name) => {
  const golden = scalecrafterGolden(name);
  const plan = scalecrafterPlan(name, "/tmp");
  const steps = stepsOf(plan);
  const dispersed = golden.inflate_tau > 0 ? golden.disperse : [];
  expect(steps.map(({ timestep }) => timestep)).toEqual(golden.timesteps);
  expect(changesOf(plan, steps[0]?.network)).toEqual(published(golden.dilate, dispersed));
  const changed = steps.filter(({ network }) => Object.keys(changesOf(plan, network)).length > 0);
  expect(changed).toHaveLength(golden.dilate_tau);
  expect(steps.filter(({ damping }) => damping !== null)).toHaveLength(golden.ndcfg_tau);
  if (golden.ndcfg_tau > 0)
    expect(changesOf(plan, steps[0]?.damping)).toEqual(published(golden.ndcfg_dilate, dispersed));
  expect(plan.scalecrafter.networks[0]?.freeU).toEqual(golden.freeu);
});

it("factors that fall make few networks: each has many steps", () => {
  const plan = crafted({ size: square(4096) });
  const factors = plan.scalecrafter.networks.map(({ convolutions }) =>
    [
      "up_blocks.0.upsamplers.0.conv",
      "up_blocks.1.upsamplers.0.conv",
      "up_blocks.2.resnets.0.conv1",
    ]
      .map((path) => convolutions[path]?.factor ?? 1)
      .join(" "),
  );
  expect(factors).toEqual(["4 3 2", "2 1 1", "3 3 2", "3 2 2", "2 2 2", "1 1 1"]);
  const starts = stepsOf(plan).map(({ network }) => network);
  expect([9, 12, 18, 35].map((step) => [starts[step - 1], starts[step]])).toEqual([
    [0, 2],
    [2, 3],
    [3, 4],
    [4, 5],
  ]);
});

/** Calls of 1024² with both sides of guidance, as the note counts them: 5.31 for one of 2048², 42.56 for one of 4096². */
test.each([
  [2048, "corrected", 50 * 5.31],
  [2048, "published", 50 * 5.31],
  [4096, "corrected", 67.5 * 42.56],
  [4096, "published", 85 * 42.56],
] as const)(
  "SDXL at %s px, %s, costs as many calls of the trained size as counted",
  (side, variant, calls) => {
    const [flops = 0] = crafted({ size: square(side), variant }).cost.denoiserByStage;
    const [small = 0] = planOf({ size: square(1024) }, sdxl).cost.denoiserByStage;
    expect(Math.abs(flops / (small / 50) / calls - 1)).toBeLessThan(0.002);
  },
);

it("costs 2.85 times FreCaS's denoising at 2048 px", () => {
  const sum = (flops: readonly number[]): number => flops.reduce((all, each) => all + each, 0);
  const frecas = sum(planOf({ size: square(2048) }, sdxl).cost.denoiserByStage);
  const ratio = sum(crafted({ size: square(2048) }).cost.denoiserByStage) / frecas;
  expect(Math.abs(ratio / 2.85 - 1)).toBeLessThan(0.03);
});

it("a factor that is not whole costs what the enlarged input costs", () => {
  const flopsAt = (steps: number): number => {
    const settings = { steps: 50, dilateTau: steps };
    return (
      crafted({ size: square(1280), scalecrafter: settings }, sd21).cost.denoiserByStage[0] ?? 0
    );
  };
  expect(flopsAt(25) - flopsAt(0)).toBeCloseTo((flopsAt(50) - flopsAt(0)) / 2, -6);
  expect(flopsAt(50) / flopsAt(0)).toBeGreaterThan(1.05);
  expect(flopsAt(50) / flopsAt(0)).toBeLessThan(1.44);
});

it("calls are steps and those of the second network", () => {
  expect(crafted({ size: square(2048) }).cost.networkCalls).toBe(50);
  expect(crafted({ size: square(4096) }).cost.networkCalls).toBe(85);
  expect(crafted({ size: square(4096), guidance: 1 }).cost.networkCalls).toBe(50);
});

it("both networks stay open where memory has room for two", () => {
  const size = square(4096);
  const roomy = crafted({ size });
  expect(roomy.scalecrafter.networksAtOnce).toBe(2);
  const tight = crafted({ size }, sdxl, { memoryBytes: roomy.memory.weights });
  expect(tight.scalecrafter.networksAtOnce).toBe(1);
  expect(tight.memory.peak).toBeLessThan(0.7 * roomy.memory.peak);
  expect(crafted({ size: square(2048) }).scalecrafter.networksAtOnce).toBe(1);
});

it("a plan survives its way to another process", () => {
  const plan = crafted({ size: square(4096) });
  expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

it("the negative is what the published scripts have where none is written", () => {
  expect(crafted().negative).toBeNull();
  expect(crafted({}, sd21).negative).toBe("");
  expect(crafted({ negative: "blur" }).negative).toBe("blur");
});

it("the built-in model is guided as in FreCaS, without FreeU", () => {
  const plan = crafted({}, vista);
  expect(plan.stages[0]?.size).toEqual(square(512));
  expect(plan.guidance).toBe(3);
  expect(plan.scalecrafter.networks.every(({ freeU }) => freeU === null)).toBe(true);
});

it("a second network that is the first one is called by the published code alone", () => {
  expect(crafted({}, vista).cost.networkCalls).toBe(50);
  expect(crafted({ variant: "published" }, vista).cost.networkCalls).toBe(87);
  expect(crafted({ size: square(2048) }, sd21).cost.networkCalls).toBe(87);
});

const spread = { inflateTau: 2 };

test.each<readonly [string, Partial<Recipe>, ModelConfig, RegExp]>([
  [
    "a size without a table",
    { size: square(3072) },
    sdxl,
    /^size: must be one that scalecrafter has a table for with this model, 2048x2048, 2560x2560, 4096x2048, 4096x4096, got 3072x3072; write size: 4096x2048, or scalecrafter: \{ table: 4096x2048 \} to paint 3072x3072 by that table$/,
  ],
  ["the trained size", { size: square(1024) }, sdxl, /got 1024x1024; write size: 2048x2048/],
  [
    "a size of a smaller model",
    { size: square(2048) },
    vista,
    /256x256, 320x320, 512x256, 512x512, got 2048x2048; write size: 512x512/,
  ],
  [
    "a table that there is not",
    { scalecrafter: { table: square(999) } },
    sdxl,
    /^scalecrafter\.table: must be .* got 999x999; write table: 2048x2048$/,
  ],
  [
    "dispersion after re-dilation",
    { size: square(2048), scalecrafter: { inflateTau: 40 } },
    sd21,
    /^scalecrafter\.inflate_tau: must be at most dilate_tau, 37, got 40; lower it$/,
  ],
  [
    "what the published code fails at",
    { size: square(4096), variant: "published", scalecrafter: spread },
    sdxl,
    /^scalecrafter\.inflate_tau: must be 0 with this table's noise-damped guidance/,
  ],
])("%s is refused", (_, changes, model, message) => {
  const plan = () => crafted(changes, model);
  expect(plan).toThrow(Failure);
  expect(plan).toThrow(message);
});

it("a table paints other sizes, and lying tables standing pictures", () => {
  const scalecrafter = { table: square(2048) };
  expect(crafted({ size: { width: 2304, height: 1792 }, scalecrafter }).cost.networkCalls).toBe(50);
  expect(crafted({ size: { width: 2048, height: 4096 } }).cost.networkCalls).toBe(85);
});

it("dispersion that a table knows nothing of is told", () => {
  const { warnings } = makePlan(
    recipeOf({ method: "scalecrafter", size: square(2048), scalecrafter: spread }),
    sdxl,
    optionsOf(),
  );
  expect(warnings.join()).toMatch(/^scalecrafter\.inflate_tau: needs a table with/);
});

it("corrected disperses in the second network only what is re-dilated there", () => {
  const plan = crafted({ size: square(4096), scalecrafter: spread });
  const [first] = stepsOf(plan);
  const path = "down_blocks.2.resnets.0.conv1";
  expect(changesOf(plan, first?.network)[path]).toEqual({ factor: 2, disperses: true });
  expect(changesOf(plan, first?.damping)[path]).toBeUndefined();
});

it("a plan says in words what each step's networks are", () => {
  const lines = showPlan(crafted({ size: square(4096), scalecrafter: { inflateTau: 2 } })).split(
    "\n",
  );
  expect(
    lines.filter((line) => /^steps? /.test(line)).map((line) => line.replace(/ +/g, " ")),
  ).toEqual([
    "steps 1 … 2 28 convolutions 2, 3 and 4 times further apart, 15 of them dispersed, FreeU; damped by 11 convolutions 2 times further apart, 11 of them dispersed, FreeU",
    "steps 3 … 9 28 convolutions 2, 3 and 4 times further apart, FreeU; damped by 11 convolutions 2 times further apart, FreeU",
    "steps 10 … 18 28 convolutions 2 and 3 times further apart, FreeU; damped by 11 convolutions 2 times further apart, FreeU",
    "steps 19 … 35 28 convolutions 2 times further apart, FreeU; damped by 11 convolutions 2 times further apart, FreeU",
    "steps 36 … 50 the network as it was trained, FreeU",
  ]);
});
