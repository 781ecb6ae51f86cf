// Whole plans: from the published runs, from presets, and what happens to recipes that don't fit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { publishedStepCount } from "../../daemon/plan/ddim-schedule.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { readGoldenJson } from "../support/read-golden.ts";
import {
  ddimSteps,
  inpainting,
  optionsOf,
  outline,
  planOf,
  recipeOf,
  sd21,
  square,
  tiny,
  vista,
} from "./plan-inputs.ts";

interface GoldenRun {
  readonly model: string;
  readonly guidance: number;
  readonly tsize: readonly (readonly [number, number])[];
  readonly variant: "published" | "corrected";
  readonly msp_endtimes: readonly number[];
  readonly msp_steps: readonly number[];
  readonly msp_gamma: number;
  readonly stages: readonly {
    readonly timesteps: readonly number[];
    readonly num_inference_steps: number;
  }[];
}

test.each([
  ["run-sd15", tiny("sd15")],
  ["run-sd21", tiny("sd21")],
  ["run-sd21-corrected", tiny("sd21")],
  ["run-sd21-tiled", tiny("sd21")],
  ["run-sd21v", tiny("sd21v")],
  ["run-sd21v-corrected", tiny("sd21v")],
  ["run-sdxl", tiny("sdxl")],
  ["run-sdxl-corrected", tiny("sdxl")],
  ["run-sdxl3", tiny("sdxl")],
  ["run-vista", vista],
] as const)("the plan of %s has the published timesteps and steps", (name, model) => {
  const golden = readGoldenJson<GoldenRun>(`${name}.json`);
  const stages = golden.tsize.map(([height, width], index) => ({
    size: { width, height },
    steps: golden.msp_steps[index] ?? 0,
    until: golden.msp_endtimes[index] ?? 0,
  }));
  const { variant, msp_gamma: gamma } = golden;
  const plan = planOf({ stages, gamma, variant }, model);
  for (const [index, stage] of golden.stages.entries()) {
    const steps = plan.stages[index]?.steps ?? [];
    const { until = 0, steps: count = 0 } = stages[index] ?? {};
    expect(steps.map(({ timestep }) => timestep)).toEqual(stage.timesteps);
    const n = publishedStepCount(steps[0]?.timestep ?? 0, until, count);
    expect(n).toBe(stage.num_inference_steps);
  }
});

test("a corrected step goes to the schedule's next timestep, a published one goes down by 1000 / n", () => {
  const every = ddimSteps(
    planOf({ stages: [{ size: square(128), steps: 1000, until: 0 }] }).stages[0],
  );
  const alphas = new Map(every.map(({ timestep, alphaBar }) => [alphaBar, timestep]));
  const nexts = (variant: "corrected" | "published"): unknown =>
    ddimSteps(
      planOf({ stages: [{ size: square(128), steps: 7, until: 0 }], variant }).stages[0],
    ).map((step) => [step.timestep, alphas.get(step.nextAlphaBar)]);
  const timesteps = [999, 832, 666, 499, 333, 166, 0];
  expect(nexts("corrected")).toEqual(timesteps.map((t, index) => [t, timesteps[index + 1] ?? 0]));
  // n = int(1000 / 999 · 6) = 6, so 166 down; below 0 the final ᾱ, which is that of 0.
  expect(nexts("published")).toEqual(timesteps.map((t) => [t, Math.max(0, t - 166)]));
});

test("the final ᾱ is 1 where the scheduler says so, and only after the last step", () => {
  const scheduler = { ...vista.scheduler, setAlphaToOne: true };
  const stages = [{ size: square(128), steps: 3, until: 0 }];
  const steps = ddimSteps(planOf({ stages }, { ...vista, scheduler }).stages[0]);
  expect(steps.map((step) => step.nextAlphaBar)).toEqual([
    steps[1]?.alphaBar,
    steps[2]?.alphaBar,
    1,
  ]);
});

test("the next stage's start follows the side that grows most", () => {
  const stages = [
    { size: { width: 768, height: 512 }, steps: 12, until: 300 },
    { size: { width: 2048, height: 1024 }, steps: 7, until: 0 },
  ];
  expect(outline(planOf({ stages, gamma: 2.5 }, sd21))).toBe(
    "768x512 12 999-300 | 2048x1024 7 659-0",
  );
});

test("one step starts at the stage's start and ends at the final ᾱ, in both variants", () => {
  for (const variant of ["corrected", "published"] as const) {
    const { stages } = planOf({ stages: [{ size: square(128), steps: 1, until: 0 }], variant });
    const last = ddimSteps(planOf({ size: square(128) }).stages[0]).at(-1);
    const steps = ddimSteps(stages[0]);
    expect(steps.length).toBe(1);
    expect(steps[0]?.timestep).toBe(999);
    expect(steps[0]?.nextAlphaBar).toBe(last?.alphaBar);
  }
});

test("maps are collected for every later stage and reused in it, as the variant resizes them", () => {
  const maps = (changes: Partial<Recipe>): unknown =>
    planOf(changes).stages.map(({ collectsMaps, attentionReuse }) => [
      collectsMaps,
      attentionReuse === null ? null : `${attentionReuse.weight} ${attentionReuse.resize}`,
    ]);
  const none = [false, null];
  expect(maps({})).toEqual([
    [true, null],
    [true, "0.5 picture"],
    [false, "0.5 picture"],
  ]);
  expect(maps({ variant: "published", attentionReuse: 0.2, size: square(256) })).toEqual([
    [true, null],
    [false, "0.2 matrix"],
  ]);
  expect(maps({ attentionReuse: 0 })).toEqual([none, none, none]);
  expect(maps({ method: "direct" })).toEqual([none]);
});

test("guidance of 1 asks the network once, without frequencies", () => {
  const plan = planOf({ guidance: 1 });
  expect(plan.stages.map(({ guidance }) => guidance.kind)).toEqual(["none", "none", "none"]);
  expect(plan.cost.tokensPerCall).toEqual([256, 1024, 4096]);
  expect(planOf({}).cost.tokensPerCall).toEqual([512, 2048, 8192]);
});

test("a single frequency weight drops the low band when published and serves both when corrected", () => {
  const frequencyGuidance = { high: 9, low: 9, single: true };
  const last = (variant: "corrected" | "published"): unknown => {
    const { guidance } = planOf({ frequencyGuidance, variant }).stages[1] ?? {};
    return guidance?.kind === "frequency" ? [guidance.high, guidance.low] : guidance;
  };
  expect(last("published")).toEqual([9, null]);
  expect(last("corrected")).toEqual([9, 9]);
});

test("direct is one stage at the full size with the cascade's steps and ordinary guidance", () => {
  const plan = planOf({ method: "direct" });
  expect(outline(plan)).toBe("512x512 50 999-0");
  expect(plan.stages[0]?.guidance).toEqual({ kind: "cfg", scale: 3 });
});

test("seeds count up from prompt to prompt and start again after 2^32 − 1", () => {
  const seeds = (seed: Recipe["seed"]): readonly number[] =>
    planOf({ seed, prompts: ["a", "b", "c"] }).prompts.map((prompt) => prompt.seed);
  expect(seeds(2 ** 32 - 2)).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 0]);
  expect(seeds("random")).toEqual([11, 12, 13]);
  expect(seeds(undefined)).toEqual([1, 2, 3]);
});

test("outputs follow the template", () => {
  const outputs = (output: string | undefined): readonly string[] =>
    planOf({ output, prompts: ["a", "b"], images: 2, seed: 7 }).prompts.flatMap(
      (prompt) => prompt.outputs,
    );
  expect(outputs(undefined)).toEqual([
    "/home/me/recipes/results/dawn/00000.00.png",
    "/home/me/recipes/results/dawn/00000.01.png",
    "/home/me/recipes/results/dawn/00001.00.png",
    "/home/me/recipes/results/dawn/00001.01.png",
  ]);
  expect(outputs("/out/{name}-{seed}-{image}{else}.png")[3]).toBe("/out/dawn-8-01{else}.png");
});

test.each([
  ["auto", "cpu", "fp32", 0],
  ["fp32", "cpu", "fp32", 0],
  ["fp16", "cpu", "fp32", 1],
  ["auto", "cuda", "fp16", 0],
  ["fp32", "webgpu", "fp32", 0],
] as const)("precision %s on %s is %s with %i warnings", (precision, provider, expected, count) => {
  const made = makePlan(recipeOf({ precision }), vista, optionsOf({ provider }));
  expect([made.plan.precision, made.warnings.length]).toEqual([expected, count]);
});

test("tiles are used where asked for, or where memory is short, and only on pictures larger than a tile", () => {
  const tiled = (tiling: Recipe["tiling"], memoryBytes: number): unknown =>
    planned(tiling, memoryBytes).stages.map(({ tiledEncode, tiledDecode }) => [
      tiledEncode,
      tiledDecode,
    ]);
  // With one side of guidance, only the denoiser can be closed before there are tiles.
  const planned = (tiling: Recipe["tiling"], memoryBytes: number): Plan =>
    makePlan(recipeOf({ tiling, guidance: 1 }), vista, optionsOf({ memoryBytes })).plan;
  const off = [false, false];
  const on = [true, true];
  const { peak } = planned("off", 1).memory;
  expect(tiled("auto", peak)).toEqual([off, off, off]);
  expect(tiled("auto", peak - 1)).toEqual([off, on, on]);
  expect(tiled("on", peak)).toEqual([off, on, on]);
  expect(tiled("off", 1)).toEqual([off, off, off]);
  expect(planned("on", 1).memory.peak).toBeLessThan(peak);
  const [large] = planOf({ tiling: "on", size: square(256), method: "direct" }).stages;
  expect([large?.tiledEncode, large?.tiledDecode]).toEqual([false, true]);
});

test("metadata: off leaves no recipe in the plan", () => {
  expect(planOf({ metadata: "off" }).recipe).toBe(null);
});

test("the negative prompt is the published one unless the recipe has its own, an empty one too", () => {
  expect(planOf({}).negative).toMatch(/^blurry, ugly, .*unreasonable layout$/);
  expect(planOf({ negative: "" }).negative).toBe("");
});

const late = [
  { size: square(128), steps: 5, until: 950 },
  { size: square(256), steps: 5, until: 0 },
];

test.each<readonly [string, Partial<Recipe>, RegExp]>([
  ["no prompts", { prompts: [] }, /^prompt: must be a text, got none/],
  [
    "two names for one file",
    { images: 2, output: "/o/{prompt}.png" },
    /got \/o\/00000\.png more than once/,
  ],
  [
    "a start that is nowhere",
    { stages: late, variant: "published" },
    /stages\[0\]\.until.*got 950 with gamma 3 and a growth of 2; the published code fails/,
  ],
  [
    "a stage that ends before it starts",
    {
      gamma: 2,
      stages: [
        ...late.slice(0, 1).map((stage) => ({ ...stage, until: 200 })),
        { size: square(256), steps: 2, until: 395 },
      ],
    },
    /stages\[1\]\.until: must be a timestep from 0 to below 395.*got 395/,
  ],
  [
    "a size off the grid",
    { size: { width: 250, height: 256 } },
    /must be multiples of 8 px, got 250×256; write 248x256/,
  ],
  [
    "stages that shrink",
    { stages: [...late].reverse() },
    /stages\[1\]\.size: must be larger than the stage before, 256×256, got 128×128/,
  ],
  [
    "another size than the stages'",
    { stages: late, size: square(512) },
    /size: must be the size of the last stage, 256×256, got 512×512/,
  ],
])("%s is refused with a reason", (_, recipe, message) => {
  expect(() => planOf(recipe)).toThrow(Failure);
  expect(() => planOf(recipe)).toThrow(message);
});

test("a UNet that takes more than a latent is refused", () => {
  expect(() => planOf({}, inpainting)).toThrow(/9 channels in and 4 out/);
});

test.each<readonly [string, Partial<Recipe>, RegExp]>([
  ["a start that is nowhere", { stages: late }, /stages\[0\]\.until.*the next stage starts at 999/],
  [
    "one frequency weight",
    { frequencyGuidance: { high: 3, low: 3, single: true } },
    /^frequency_guidance: .*got one number, 3, which is used for both; write \{ high: 3, low: 3 \} to mean both, or \{ high: 8, low: 3 \} as/,
  ],
  [
    "one frequency weight of the published code",
    { frequencyGuidance: { high: 3, low: 3, single: true }, variant: "published" },
    /^frequency_guidance: .*which is used for high alone, as published; write \{ high: 3, low: 3 \} to mean both/,
  ],
  [
    "more steps than timesteps",
    { stages: [{ size: square(128), steps: 3, until: 998 }] },
    /^stages\[0\]\.steps: should be at most 2/,
  ],
  ["tiles without use", { size: square(128), tiling: "on" }, /^tiling: .*128 px/],
])("%s is worth one warning", (_, recipe, message) => {
  const { plan, warnings } = makePlan(recipeOf(recipe), vista, optionsOf());
  expect(warnings).toEqual([expect.stringMatching(message)]);
  expect(plan.stages.every((stage) => (stage.steps[0]?.timestep ?? 1000) <= 999)).toBe(true);
});

test.each<readonly [string, Partial<Recipe>, readonly string[]]>([
  ["a size of one stage", {}, ["gamma", "frequency_guidance", "attention_reuse"]],
  ["a size of more stages", { size: square(256) }, []],
  ["guidance of 1, which the parser has told of", { guidance: 1 }, ["gamma", "attention_reuse"]],
  ["direct sampling, which the parser has told of", { method: "direct" }, []],
  [
    "one written stage, which the parser has told of",
    { stages: [{ size: square(128), steps: 3, until: 0 }] },
    [],
  ],
])("keys that need stages are told to be idle with %s", (_, changes, keys) => {
  const frequencyGuidance = { high: 9, low: 3, single: false };
  const idle = { size: square(128), gamma: 2, attentionReuse: 0.3, frequencyGuidance };
  const { warnings } = makePlan(recipeOf({ ...idle, ...changes }), vista, optionsOf());
  const rest = "needs more than one stage to have an effect, got one, 128×128; remove it, or";
  expect(warnings).toEqual(keys.map((key) => `${key}: ${rest} write a larger size`));
});

const anyRecipe = fc
  .record({
    size: fc.record({
      width: fc.integer({ min: 8, max: 160 }).map((cells) => cells * 8),
      height: fc.integer({ min: 8, max: 160 }).map((cells) => cells * 8),
    }),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    images: fc.integer({ min: 1, max: 4 }),
    guidance: fc.double({ min: 1, max: 20, noNaN: true }),
    gamma: fc.double({ min: 0.5, max: 4, noNaN: true }),
    variant: fc.constantFrom("corrected" as const, "published" as const),
    method: fc.constantFrom("frecas" as const, "direct" as const),
    prompts: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
  })
  .map(recipeOf);

const alphasOf = (plan: Plan): readonly (readonly number[])[] =>
  plan.stages.map((stage) => ddimSteps(stage).map(({ alphaBar }) => alphaBar));

test("ᾱ grows along a stage, and each stage starts noisier than the one before ended", () => {
  fc.assert(
    fc.property(anyRecipe, (recipe) => {
      const alphas = alphasOf(makePlan(recipe, vista, optionsOf()).plan);
      for (const [index, stage] of alphas.entries()) {
        const grows = stage.every((alpha, at) => at === 0 || alpha > (stage[at - 1] ?? 1));
        expect(grows).toBe(true);
        const before = alphas[index - 1]?.at(-1) ?? 1;
        expect(stage[0]).toBeLessThan(before);
      }
    }),
  );
});

test("each step of the corrected variant hands over to the next one", () => {
  fc.assert(
    fc.property(anyRecipe, (recipe) => {
      const { plan } = makePlan({ ...recipe, variant: "corrected" }, vista, optionsOf());
      for (const steps of plan.stages.map(ddimSteps))
        for (const [index, step] of steps.entries())
          expect(step.nextAlphaBar).toBe(steps[index + 1]?.alphaBar ?? 0.9991499781608582);
    }),
  );
});

test("the same recipe gives the same plan", () => {
  fc.assert(
    fc.property(anyRecipe, (recipe) => {
      const copy = structuredClone(recipe);
      const first = makePlan(recipe, vista, optionsOf());
      expect(makePlan(copy, vista, optionsOf())).toEqual(first);
      expect(recipe).toEqual(copy);
    }),
  );
});

test("the VAE keeps its memory from layer to layer for small pictures and tiles, and gives it back for large ones", () => {
  const workspaces = (changes: Partial<Recipe>): unknown =>
    planOf(changes).stages.map(({ vaeWorkspace }) => vaeWorkspace);
  expect(workspaces({ size: { width: 1024, height: 1024 } })).toEqual([
    "keep",
    "keep",
    "keep",
    "release",
  ]);
  expect(workspaces({ size: { width: 512, height: 512 }, images: 2 })).toEqual([
    "keep",
    "keep",
    "release",
  ]);
  expect(workspaces({ size: { width: 1024, height: 1024 }, tiling: "on" })).not.toContain(
    "release",
  );
});
