// Plans of Stable Diffusion 3: flow matching's noise, joint attention's maps, the sides its network allows.
import { expect, test } from "vitest";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { networkTimestep } from "../../daemon/sampler/planned-step.ts";
import { planOfGolden } from "../support/published-run.ts";
import { readGoldenJson } from "../support/read-golden.ts";
import {
  optionsOf,
  outline,
  planOf,
  recipeOf,
  sd3,
  sd3t5,
  sd35,
  square,
  tiny,
} from "./plan-inputs.ts";

interface GoldenRun {
  readonly stages: readonly {
    readonly timesteps: readonly number[];
    readonly indexs: readonly number[];
  }[];
}

test.each(["sd3", "sd3-corrected", "sd35-corrected"])(
  "the plan of run-%s has the published timesteps, and goes from each to the published next",
  (name) => {
    const { stages } = readGoldenJson<GoldenRun>(`run-${name}.json`);
    const planned = planOfGolden(name, "/pictures").stages;
    expect(planned.length).toBe(stages.length);
    for (const [index, { timesteps, indexs }] of stages.entries()) {
      const steps = planned[index]?.steps ?? [];
      expect(steps.map(networkTimestep)).toEqual(timesteps);
      expect(steps.map(({ timestep }) => 999 - timestep)).toEqual(indexs.slice(0, -1));
    }
  },
);

test("the last corrected step ends without noise, the published one before the last", () => {
  const last = (variant: Recipe["variant"]) => planOf({ variant }, sd3).stages[1]?.steps.slice(-2);
  expect(last("corrected")?.[1]).toMatchObject({ kind: "flow", timestep: 0, nextSigma: 0 });
  const [before, published] = last("published") ?? [];
  expect(published).toMatchObject({ kind: "flow", timestep: 0 });
  const sigma = published?.kind === "flow" ? published.nextSigma : 1;
  expect(sigma).toBeGreaterThan(0.008);
  expect(sigma).toBeLessThan(before?.kind === "flow" ? before.sigma : 0);
});

test.each([
  ["corrected", 0.0609, 154 / 4096],
  ["published", -0.0609, 154 / 4096],
] as const)("%s shifts an encoded latent by %f and adds maps by %f", (variant, shift, factor) => {
  const plan = planOf({ variant }, sd3);
  expect(plan.encodeShift).toBe(shift);
  expect(plan.stages[1]?.attentionReuse).toMatchObject({ weight: 0.5, factor });
});

test("maps are added by the first stage's own tokens, but as published by those of 1024 px", () => {
  const factor = (variant: Recipe["variant"]) =>
    planOf({ variant, size: square(256) }, tiny("sd3")).stages[1]?.attentionReuse?.factor;
  expect([factor("corrected"), factor("published")]).toEqual([154 / 64, 154 / 4096]);
});

test.each([
  [{ width: 2048, height: 1024 }, "1408x704 20 999-50 | 2048x1024 8 59-0"],
  [{ width: 1920, height: 1088 }, "1920x1088 50 999-0"],
])("a picture of %j is painted in sides that are multiples of 16", (size, expected) => {
  expect(outline(planOf({ size }, sd3))).toBe(expected);
});

const check = (changes: Partial<Recipe>, model = sd3) =>
  makePlan(recipeOf(changes), model, optionsOf());

test("sides that the network cannot have are refused, with those that it can", () => {
  expect(() => check({ size: { width: 1920, height: 1080 } })).toThrow(
    /^size: must be multiples of 16 px, got 1920×1080; write 1920x1088/,
  );
  expect(() => check({ size: square(4096) })).toThrow(
    /^size: must be at most 3072 px along a side, where .* got 4096×4096; write 3072x3072/,
  );
  expect(check({ size: square(4096) }, sd35).plan.stages.length).toBe(3);
});

test("a stage's sides are refused with its place", () => {
  const stages = [64, 72].map((side) => ({ size: square(side), steps: 2, until: 0 }));
  expect(() => check({ stages }, tiny("sd3"))).toThrow(
    /^stages\[1\]\.size: must be multiples of 16/,
  );
});

test("a stage that ends without noise before another one is told to end earlier, at a timestep that is possible", () => {
  const ending = (until: number, steps: number) => [
    { size: square(1024), steps: 20, until },
    { size: square(2048), steps, until: 0 },
  ];
  expect(() => check({ stages: ending(0, 8) })).toThrow(
    /^stages\[0\]\.until: must be above 0, .*, got 0; write 50$/,
  );
  expect(check({ stages: ending(50, 8) }).warnings).toEqual([]);
  expect(check({ stages: ending(0, 1) }).warnings).toEqual([]);
  const late = [{ size: square(512), steps: 20, until: 20 }, ...ending(0, 8)];
  expect(() => check({ stages: late })).toThrow(/^stages\[1\]\.until: .*, got 0; write 14$/);
});

const tokensAdded = (changes: Partial<Recipe>, model = sd3t5) =>
  4096 * (check(changes, model).plan.stages[1]?.attentionReuse?.factor ?? 0);

test.each<readonly [string, Partial<Recipe>, "used" | "unused", number]>([
  ["is used where the model has it", {}, "used", 77 + 256],
  ["is left out where the recipe says so", { t5: "off" }, "unused", 154],
  ["is left out as published", { variant: "published" }, "unused", 154],
  [
    "is used as published where the recipe says so",
    { variant: "published", t5: "on" },
    "used",
    333,
  ],
])("a T5 %s, and counts in the maps' factor", (_, changes, t5, tokens) => {
  const { plan, warnings } = check(changes, sd3t5);
  expect(plan.model.t5).toBe(t5);
  expect(tokensAdded(changes)).toBe(tokens);
  expect(warnings).toEqual([]);
});

test("a T5 costs its operations for each text and more text tokens in each call", () => {
  const [with5, without] = ["on", "off"].map((t5) => check({ t5: t5 as "on" }, sd3t5).plan.cost);
  expect((with5?.text ?? 0) - (without?.text ?? 0)).toBeCloseTo(4793183502336, -10);
  expect(with5?.denoiserByStage[0]).toBeGreaterThan(without?.denoiserByStage[0] ?? 0);
});

test("a T5 that is wanted and not there is refused, one that is left out is not missed", () => {
  expect(() => check({ t5: "on" }, sd3)).toThrow(
    /^t5: must be auto or off for a model that holds no/,
  );
  expect(check({ t5: "off" }, sd3).warnings).toEqual([]);
});

test("a machine without room for T5's weights is told what to do", () => {
  const warningsAt = (memoryBytes: number) =>
    makePlan(recipeOf(), sd3t5, optionsOf({ memoryBytes })).warnings;
  expect(warningsAt(9 * 2 ** 30)).toEqual([]);
  expect(warningsAt(8 * 2 ** 30)).toEqual([
    expect.stringMatching(/^t5: .* 8\.9 GB in float16, got 8\.0 GB .*; write t5: off/),
  ]);
});

test("a gamma that changes nothing is said to, unless the published code takes it as silently", () => {
  const about = (changes: Partial<Recipe>) => check(changes, tiny("sd3")).warnings.join();
  expect(about({ gamma: 2 })).toMatch(/^gamma: has no effect .* it is 1, got 2; remove it$/);
  expect(about({ gamma: 1 })).toBe("");
  expect(about({ gamma: 2, variant: "published" })).toBe("");
  const start = (gamma: number) => planOf({ gamma }, sd3).stages[1]?.steps[0];
  expect(start(3)).toEqual(start(1));
});
