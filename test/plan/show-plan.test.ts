// The plan as people read it.
import { expect, test } from "vitest";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import { showPlan } from "../../daemon/plan/show-plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, planOf, recipeOf, sd3, sdxl, square, vista } from "./plan-inputs.ts";

const rate = { gflopsText: 100, gflopsDenoiser: 120, gflopsVae: 110 };

const shown = (changes: Partial<Recipe>): string =>
  showPlan(makePlan(recipeOf(changes), vista, optionsOf()).plan, rate);

test("a cascade reads as a table of stages, a table of costs, and what to expect", () => {
  // Memory depends on constants that are fitted to measurements, so its numbers are masked.
  expect(
    shown({}).replace(/[\d.]+ GB/g, "_ GB"),
  ).toBe(`dawn · vista · frecas, corrected · fp32 on cpu

stage  size     steps  timesteps  ᾱ              guidance       maps
    1  128×128     30  999 → 100  0.005 → 0.894  3              collect
    2  256×256     12  346 → 20   0.513 → 0.981  high 8, low 3  reuse 0.5, collect
    3  512×512      8  121 → 0    0.867 → 0.999  high 8, low 3  reuse 0.5

part           calls  TFLOP  share
text               2  0.000    0 %
unet, stage 1     30  0.057    8 %
unet, stage 2     12  0.104   14 %
unet, stage 3      8  0.424   59 %
vae                5  0.132   18 %
a picture         50  0.717  100 %

memory   _ GB (weights _ GB, working _ GB)
time     about 6.1 s
seed     1
picture  /home/me/recipes/results/dawn/00000.00.png`);
});

test("several prompts show their range and the time of each", () => {
  const text = shown({ prompts: ["a", "b", "c"], images: 2, size: square(256), tiling: "on" });
  expect(text).toContain("each prompt");
  expect(text).toContain("VAE in tiles of 128 px");
  expect(text).toMatch(/^time +about [\d.]+ s, [\d.]+ s for each of 3 prompts$/m);
  expect(text).toMatch(/^seed +1 … 3 \(3\)$/m);
  expect(text).toMatch(/^pictures +\S+00000\.00\.png … \S+00002\.01\.png \(6\)$/m);
});

test("a plan tells where the denoiser is closed while the VAE works", () => {
  const textAt = (memoryBytes: number): string =>
    showPlan(makePlan(recipeOf({}), sdxl, optionsOf({ memoryBytes })).plan);
  expect(textAt(16 * 2 ** 30)).toMatch(/^memory .*, unet closed while the VAE works\)$/m);
  expect(textAt(2 ** 40)).not.toContain("closed");
});

test("SDXL encodes each text twice", () => {
  expect(showPlan(planOf({}, sdxl))).toMatch(/^text +4 /m);
  expect(showPlan(planOf({ guidance: 1 }, sdxl))).toMatch(/^text +2 /m);
});

test("a plan of flow matching has σ where others have ᾱ, and another network", () => {
  const text = showPlan(planOf({}, sd3));
  expect(text).toMatch(/timesteps +σ +guidance/);
  expect(text).toMatch(/1024×1024 +20 +999 → 50 +1\.000 → 0\.144 /);
  expect(text).toMatch(/^mmdit, stage 2 +8 /m);
  expect(text).toMatch(/^text +4 /m);
});

test("without a rate there is no time", () => {
  const { plan } = makePlan(recipeOf({ method: "direct" }), vista, optionsOf());
  expect(showPlan(plan)).not.toMatch(/^time/m);
  expect(showPlan(plan)).toMatch(/^dawn · vista · direct · fp32 on cpu$/m);
});

test("no line ends in a space", () => {
  for (const changes of [{}, { guidance: 1 }, { method: "direct" as const }])
    expect(shown(changes)).not.toMatch(/ $/m);
});
