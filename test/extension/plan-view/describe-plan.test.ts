// What the preview shows of plans: of the built-in model, of SDXL, of a model of flow matching.
import { expect, it } from "vitest";
import type { Plan } from "../../../daemon/plan/plan.ts";
import type { Recipe } from "../../../daemon/recipe/recipe.ts";
import { describePlan } from "../../../extension/plan-view/describe-plan.ts";
import type { PlanFigure } from "../../../extension/plan-view/plan-messages.ts";
import { planOf, sd3, sdxl, square } from "../../plan/plan-inputs.ts";

const figureOf = (plan: Plan, availableBytes = 2 ** 40): PlanFigure =>
  describePlan({
    kind: "planned",
    name: plan.name,
    fromLine: 0,
    line: 0,
    plan,
    seconds: 31.4,
    availableBytes,
    warnings: ["mind the gap"],
    compares: [],
  });

const dawn = figureOf(planOf({}));

it("the numbers that one looks for first stand on top", () => {
  const keys = dawn.keys.filter(({ label }) => label !== "Memory");
  expect(keys.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    "Time: ~ 31 s",
    "Picture: 1",
    "Network calls: 50",
    "Work: 0.717 TFLOP",
  ]);
});

it("calls, work and pictures are those of all prompts together", () => {
  const { keys } = figureOf(planOf({ prompts: ["a", "b"], images: 3 }));
  const value = (name: string) => keys.find(({ label }) => label === name)?.value;
  expect(value("Pictures")).toBe("6");
  expect(value("Network calls")).toBe("100");
});

it("a machine that no run has measured has no time", () => {
  const planned = { name: "a", fromLine: 0, line: 0, warnings: [], compares: [] };
  const { keys } = describePlan({
    ...planned,
    kind: "planned",
    plan: planOf({}),
    seconds: null,
    availableBytes: 1,
  });
  expect(keys[0]).toEqual({ label: "Time", value: "not measured yet" });
});

it("stages have pixels, latents and steps, in the drawing and in the table", () => {
  expect(dawn.stages.map(({ size, latent, steps }) => [size.width, latent.width, steps])).toEqual([
    [128, 16, 30],
    [256, 32, 12],
    [512, 64, 8],
  ]);
  expect(dawn.stageTable.header.slice(0, 4)).toEqual(["stage", "size", "latent", "steps"]);
  expect(dawn.stageTable.rows[1]?.slice(0, 4)).toEqual(["2", "256×256", "32×32", "12"]);
});

it("a stage that is decoded in tiles says so", () => {
  const tiled = figureOf(planOf({ tiling: "on" }));
  expect(tiled.stages.map(({ tilePx }) => tilePx)).toEqual([null, 128, 128]);
  expect(tiled.memory.measures).toContain("VAE in tiles of 128 px");
});

it("shares of the work are those of the cost, and add up to 1", () => {
  expect(dawn.work.parts.map(({ label }) => label)).toEqual([
    "text",
    "unet, stage 1",
    "unet, stage 2",
    "unet, stage 3",
    "vae",
  ]);
  expect(dawn.work.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  for (const { label, share } of dawn.work.parts) {
    const row = dawn.work.table.rows.find(([part]) => part === label);
    expect(row?.[3]).toBe(`${Math.round(100 * share)} %`);
  }
});

it("the parts of the memory add up to its peak", () => {
  for (const { memory } of [dawn, figureOf(planOf({}, sdxl)), figureOf(planOf({}, sd3))]) {
    expect(memory.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(memory.peak);
    expect(Math.min(...memory.parts.map(({ bytes }) => bytes))).toBeGreaterThanOrEqual(0);
  }
});

it("memory that does not fit says so, with what to change", () => {
  const plan = planOf({});
  const memory = { ...plan.memory, advice: "write images: 1" };
  const { peak } = plan.memory;
  expect(figureOf({ ...plan, memory }, peak - 1).memory).toMatchObject({
    summary: expect.stringMatching(/free now: it does not fit\.$/),
    advice: "Write images: 1.",
  });
  expect(figureOf(plan, peak).memory).toMatchObject({
    summary: expect.stringMatching(/that are free\.$/),
    advice: null,
  });
});

it("seeds and pictures are facts, and memory, which is drawn, is none", () => {
  expect(dawn.facts.map(({ label }) => label)).toEqual(["Seed", "Picture"]);
});

const jumpsOf = (changes: Partial<Recipe>, model?: typeof sdxl): PlanFigure["noise"] =>
  figureOf(planOf(changes, model)).noise;

it.each([1, 1.5, 3])("with γ %f the log-SNR falls by γ · ln 2 where the sides double", (gamma) => {
  const { jumps, stages } = jumpsOf({ gamma });
  expect(jumps.map(({ into }) => into)).toEqual([1, 2]);
  for (const { into, label } of jumps) {
    const change = Number(stages[into]?.[0]?.logSnr) - Number(stages[into - 1]?.at(-1)?.logSnr);
    // A timestep is a whole number, so the shift is that of the formula within one step's size.
    expect(change).toBeCloseTo(-gamma * Math.log(2), 1);
    expect(label).toBe(`${change.toFixed(2).replace("-", "−")}, γ ${gamma}`);
  }
});

it("ᾱ and σ become the same log-SNR: signal² over noise²", () => {
  const { noise } = figureOf(planOf({}, sd3));
  expect(noise.symbol).toBe("σ");
  for (const { noise: sigma, logSnr } of noise.stages.flat().slice(1))
    expect(Math.exp(Number(logSnr))).toBeCloseTo(((1 - sigma) / sigma) ** 2, 9);
  for (const { noise: alphaBar, logSnr } of dawn.noise.stages.flat())
    expect(Math.exp(Number(logSnr))).toBeCloseTo(alphaBar / (1 - alphaBar), 6);
});

it("a step of noise alone says so, and every number of a plan passes through JSON", () => {
  const figure = figureOf(planOf({}, sd3));
  expect(figure.noise.stages[0]?.[0]).toMatchObject({ noise: 1, logSnr: "noise" });
  for (const one of [figure, dawn]) expect(JSON.parse(JSON.stringify(one))).toEqual(one);
});

it("a scheduler that knows no γ has none in its jumps", () => {
  const { jumps } = jumpsOf({}, sd3);
  expect(jumps.length).toBeGreaterThan(0);
  for (const { label } of jumps) expect(label).toMatch(/^−\d+\.\d\d$/);
});

it("the schedule in a sentence names the timesteps of each stage and each jump", () => {
  expect(jumpsOf({ size: square(256) }).summary).toMatch(
    /^Stage 1 goes from timestep 999 to \d+; stage 2 goes from timestep \d+ to 0; before stage 2, noise is put back from \d+ to \d+\.$/,
  );
});

it("a single stage has no jump", () => {
  expect(jumpsOf({ method: "direct" }).jumps).toEqual([]);
});
