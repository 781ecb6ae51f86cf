// Time from operations and a machine's rate, and what a plan's operations add up to.
import { expect, test } from "vitest";
import { estimateTime } from "../../daemon/plan/estimate.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, recipeOf, square, vista } from "./plan-inputs.ts";

const planOf = (changes: Partial<Recipe>) => makePlan(recipeOf(changes), vista, optionsOf()).plan;

test("each part takes its operations over its rate, and prompts come one after another", () => {
  const cost = { text: 1e9, denoiserByStage: [6e9, 2e9], vaeByStage: [1e9, 2e9], total: 12e9 };
  const counts = { networkCalls: 2, tokensPerCall: [1, 1] };
  const { prompts } = planOf({ prompts: ["a", "b"] });
  const rate = { gflopsText: 1, gflopsDenoiser: 4, gflopsVae: 1.5 };
  expect(estimateTime({ cost: { ...cost, ...counts }, prompts }, rate)).toEqual({
    text: 1,
    denoiser: 2,
    vae: 2,
    perPrompt: 5,
    total: 10,
  });
});

test("a plan's operations are calls times those of one call, with the map products on top", () => {
  const size = square(128);
  const call = planOf({ stages: [{ size, steps: 1, until: 0 }] }).cost;
  expect(planOf({ stages: [{ size, steps: 7, until: 0 }] }).cost.denoiserByStage).toEqual([
    7 * (call.denoiserByStage[0] ?? 0),
  ]);
  const cascade = planOf({ attentionReuse: 0.5 }).cost.denoiserByStage;
  const plain = planOf({ attentionReuse: 0 }).cost.denoiserByStage;
  const extra = cascade.map((flops, stage) => flops - (plain[stage] ?? 0));
  // One product of stage 1 to collect; twelve to reuse and one to collect at four times the cells; eight at sixteen.
  const [unit = 0] = extra;
  expect(unit).toBeGreaterThan(0);
  expect(extra).toEqual([unit, 4 * 13 * unit, 16 * 8 * unit]);
});

test("the total is the sum of its parts, and images multiply all but the text", () => {
  const { cost } = planOf({});
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
  expect(cost.total).toBe(cost.text + sum(cost.denoiserByStage) + sum(cost.vaeByStage));
  expect(cost.networkCalls).toBe(50);
  const four = planOf({ images: 4 }).cost;
  expect(four.total - four.text).toBe(4 * (cost.total - cost.text));
  expect(four.text).toBe(cost.text);
});

test("tiles cost what their overlaps add", () => {
  const whole = planOf({ tiling: "off" }).cost.vaeByStage;
  const tiled = planOf({ tiling: "on" }).cost.vaeByStage;
  expect(tiled[0]).toBe(whole[0]);
  for (const stage of [1, 2]) {
    const ratio = (tiled[stage] ?? 0) / (whole[stage] ?? 1);
    expect(ratio).toBeGreaterThan(1.2);
    expect(ratio).toBeLessThan(2);
  }
});

test("what comes before the first look at the text is counted once for both sides of guidance", () => {
  const sumOf = (guidance: number): number =>
    planOf({ guidance }).cost.denoiserByStage.reduce((all, each) => all + each, 0);
  expect(sumOf(7.5) / sumOf(1)).toBeLessThan(1.9);
  expect(sumOf(7.5) / sumOf(1)).toBeGreaterThan(1.8);
});
