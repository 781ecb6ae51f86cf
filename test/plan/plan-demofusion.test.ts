// DemoFusion's plans: phases, steps, windows, costs against the note's counts, and what is refused.
import { expect, it, test } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { makePlan, type PlanOptions } from "../../daemon/plan/make-plan.ts";
import { parsePlan } from "../../daemon/plan/parse-plan.ts";
import type { DemofusionPlan } from "../../daemon/plan/plan.ts";
import { showPlan } from "../../daemon/plan/show-plan.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, outline, recipeOf, sdxl, square } from "./plan-inputs.ts";

const fused = (
  changes: Partial<Recipe> = {},
  options: Partial<PlanOptions> = {},
): DemofusionPlan => {
  const recipe = recipeOf({ method: "demofusion", ...changes });
  const { plan } = makePlan(recipe, sdxl, optionsOf(options));
  if (plan.method !== "demofusion") throw new Error("must be planned for DemoFusion");
  return plan;
};

it("a size becomes phases of the trained size's multiples, each with all steps", () => {
  expect(outline(fused())).toBe("1024x1024 50 981-1 | 2048x2048 50 981-1");
  expect(outline(fused({ size: { width: 3072, height: 2048 } }))).toBe(
    "1024x680 50 981-1 | 2048x1360 50 981-1 | 3072x2048 50 981-1",
  );
  expect(outline(fused({ size: square(1024) }))).toBe("1024x1024 50 981-1");
});

test.each([
  [undefined, 50, 7.5, 0.8],
  ["readme", 50, 7.5, 0.8],
  ["readme-8gb", 40, 7.5, 0.8],
  ["defaults", 50, 5, 1],
] as const)("the preset %s fills what is not written", (preset, steps, guidance, sigma) => {
  const plan = fused({ demofusion: { preset } });
  expect([plan.stages[1]?.steps.length, plan.guidance]).toEqual([steps, guidance]);
  expect(plan.demofusion).toMatchObject({ sigma, stride: 64, cosineScales: [3, 1, 1] });
  const own = fused({ guidance: 3, demofusion: { preset, steps: 9, sigma: 2, stride: 32 } });
  expect([own.stages[1]?.steps.length, own.guidance]).toEqual([9, 3]);
  expect(own.demofusion).toMatchObject({ sigma: 2, stride: 32 });
});

/** Of Stable Diffusion XL at 2048², each against one call of 1024² with both sides of guidance. */
test.each([
  [2048, {}, 700],
  [2048, { steps: 40 }, 560],
  [3072, {}, 50 * 48],
  [4096, {}, 5650],
])("%s px with %j cost as many calls of the trained size as counted", (side, demofusion, calls) => {
  const { denoiserByStage } = fused({ size: square(side), demofusion }).cost;
  const steps = "steps" in demofusion ? 40 : 50;
  const one = (denoiserByStage[0] ?? 0) / steps;
  const all = denoiserByStage.reduce((sum, flops) => sum + flops, 0);
  expect(Math.abs(all / one / calls - 1)).toBeLessThan(1e-3);
});

it("a published decode is in tiles of which a quarter is kept", () => {
  const { cost, stages } = fused({ variant: "published" });
  expect(stages.map(({ tiledDecode }) => tiledDecode)).toEqual([false, true]);
  const [first = 0, last = 0] = cost.vaeByStage;
  expect(last / first).toBeCloseTo(64, 6);
  expect(fused({ tiling: "off" }).stages.some(({ tiledDecode }) => tiledDecode)).toBe(false);
});

const eulerSteps = (plan: DemofusionPlan, stage: number) =>
  (plan.stages[stage]?.steps ?? []).flatMap((step) => (step.kind === "euler" ? [step] : []));

it("the published input's scale is that of an index that is stale from the second phase on", () => {
  const plan = fused({ variant: "published", demofusion: { steps: 5 } });
  for (const { sigma, inputSigma, laterInputSigma } of eulerSteps(plan, 0))
    expect([inputSigma, laterInputSigma]).toEqual([sigma, sigma]);
  const later = eulerSteps(plan, 1);
  expect(later.map(({ inputSigma }) => inputSigma)).toEqual(
    later.map(({ sigma }, index) => (index === 0 ? 0 : sigma)),
  );
  expect(later.map(({ laterInputSigma }) => laterInputSigma)).toEqual(
    later.map(({ nextSigma }) => nextSigma),
  );
});

it("the corrected input's scale is that of its step", () => {
  for (const { sigma, inputSigma, laterInputSigma } of eulerSteps(fused(), 1))
    expect([inputSigma, laterInputSigma]).toEqual([sigma, sigma]);
});

it("windows go one by one on a CPU, and elsewhere as many at once as fit", () => {
  const atOnce = (options: Partial<PlanOptions>): number =>
    fused({}, options).demofusion.windowsAtOnce;
  expect(atOnce({})).toBe(1);
  expect(atOnce({ provider: "webgpu" })).toBe(16);
  const tight = { provider: "webgpu", memoryBytes: 7 * 2 ** 30 } as const;
  expect(atOnce(tight)).toBeLessThan(16);
  const { plan } = makePlan(recipeOf({ method: "demofusion" }), sdxl, optionsOf(tight));
  expect(plan.memory.peak).toBeLessThanOrEqual(7 * 2 ** 30);
});

it("what does not fit is told a size that the method has", () =>
  expect(fused({ size: square(8192) }, { memoryBytes: 12 * 2 ** 30 }).memory.advice).toMatch(
    /^write size: 4096x4096, which needs/,
  ));

test.each<readonly [Partial<Recipe>, RegExp]>([
  [
    { size: square(1536) },
    /^size: the longer side must be a multiple of 1024 px .* write 2048x2048$/,
  ],
  [{ size: square(512) }, /^size: the longer side .* got 512×512; write 1024x1024$/],
  [{ size: { width: 2048, height: 512 } }, /^size: the shorter side .* write 2048x1024$/],
  [{ images: 2 }, /^images: must be 1 with method: demofusion/],
  [{ demofusion: { stride: 200 } }, /^demofusion: stride must be at most 128 .* write 64$/],
])("%j is refused", (changes, message) => {
  expect(() => fused(changes)).toThrow(Failure);
  expect(() => fused(changes)).toThrow(message);
});

test.each<readonly [string, Partial<Recipe>]>([
  ["presets", {}],
  ["the published variant", { variant: "published", demofusion: { preset: "defaults" } }],
  [
    "own settings",
    { size: { width: 2048, height: 1368 }, demofusion: { sampler: "ddim", steps: 7 } },
  ],
])("%s are planned again from the picture, and survive JSON", (_, changes) => {
  const plan = fused(changes);
  expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  const { recipes, problems } = parseRecipes(plan.recipe ?? "", "/a/b.frecas", () => undefined);
  expect(problems).toEqual([]);
  const again = makePlan(recipes[0] as Recipe, sdxl, optionsOf()).plan;
  expect({ ...again, recipe: null }).toEqual({ ...plan, recipe: null });
  expect(again.recipe).toBe(plan.recipe);
});

it("is shown with its windows and samples", () => {
  const text = showPlan(fused());
  expect(text).toMatch(/^dawn · vista · demofusion, corrected · /);
  expect(text).toMatch(/^ +2 +2048×2048 +50 +981 → 1 .* 9 \+ 4$/m);
  expect(text).toMatch(/^unet, stage 2 +650 /m);
  expect(text).toMatch(
    /^windows +stride 64 of 128 cells, 1 at once; cosine scales 3, 1, 1, sigma 0.8$/m,
  );
});
