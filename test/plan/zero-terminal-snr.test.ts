// Schedules whose last timestep is noise alone (Lin et al. 2023, algorithm 1) against diffusers', and plans over them.
import { expect, test } from "vitest";
import { alphasCumprod } from "../../daemon/plan/ddim-schedule.ts";
import { leadingEuler } from "../../daemon/plan/leading-steps.ts";
import { parsePlan } from "../../daemon/plan/parse-plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { ddimSteps, outline, planOf, sdxl, square, vista } from "./plan-inputs.ts";

const rescaled = {
  ...vista.scheduler,
  parametrisation: "v_prediction",
  zeroTerminalSnr: true,
} as const;

/** Within what torch's square root is rounded otherwise from processor to processor. */
const near = (got: number, wanted: number): void =>
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-5 * wanted);

// Values of diffusers' rescale_zero_terminal_snr with torch 2.13.
test.each([
  ["scaled_linear", 0.00085, 0.012, 1, 0.9982334971427917],
  ["scaled_linear", 0.00085, 0.012, 333, 0.5065945982933044],
  ["scaled_linear", 0.00085, 0.012, 777, 0.023808032274246216],
  ["scaled_linear", 0.00085, 0.012, 998, 1.9679633567193378e-7],
  ["linear", 1e-4, 0.02, 1, 0.9997793436050415],
  ["linear", 1e-4, 0.02, 333, 0.3154890835285187],
  ["linear", 1e-4, 0.02, 777, 0.0016438770107924938],
  ["linear", 1e-4, 0.02, 998, 4.213273285813557e-9],
] as const)(
  "of %s betas, %f to %f, ᾱ at %i is %f",
  (betaSchedule, betaStart, betaEnd, timestep, alpha) => {
    const config = { ...rescaled, betaSchedule, betaStart, betaEnd };
    near(alphasCumprod(config)[timestep] ?? 0, alpha);
  },
);

test("ᾱ begins where it did, and ends at 0", () => {
  const [before, alphas] = [alphasCumprod(vista.scheduler), alphasCumprod(rescaled)];
  expect([alphas[0], alphas[999]]).toEqual([before[0], 0]);
  expect(alphas.every((alpha, timestep) => alpha <= (before[timestep] ?? 0))).toBe(true);
});

test("the first σ of Euler's steps is diffusers' own, which is finite", () => {
  const steps = leadingEuler(rescaled, 500, { variant: "corrected", phase: 0 });
  const sigmas = steps.map((step) => (step.kind === "euler" ? step.sigma : 0));
  expect(steps[0]).toMatchObject({ timestep: 999, nextSigma: sigmas[1] });
  near(sigmas[0] ?? 0, 4096);
  near(sigmas[1] ?? 0, 1124.5430908203125);
  near(sigmas.at(-1) ?? 0, 0.04206695780158043);
});

const model = { ...sdxl, scheduler: rescaled } as typeof sdxl;

test.each<readonly [string, Partial<Recipe>]>([
  ["999-", { size: square(1024) }],
  ["999-", { size: square(2048), variant: "published" }],
  ["999-1", { method: "demofusion", demofusion: { steps: 500 } }],
  ["999-1", { method: "demofusion", demofusion: { steps: 500, sampler: "ddim" } }],
  ["999-1", { method: "scalecrafter", scalecrafter: { steps: 500, eta: 1 } }],
])("a plan from %s is of finite numbers: %j", (start, recipe) => {
  const plan = planOf(recipe, model);
  expect(outline(plan)).toContain(` ${start}`);
  expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

test("a run begins with noise alone, and the next stage with the picture still in it", () => {
  const { stages } = planOf({ size: square(2048) }, model);
  expect(ddimSteps(stages[0])[0]).toMatchObject({ timestep: 999, alphaBar: 0 });
  expect(ddimSteps(stages[1])[0]?.alphaBar).toBeGreaterThan(0);
});
