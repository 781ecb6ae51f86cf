// Memory: what it consists of, how it grows, and that it comes near what runs were measured at.
import { expect, test } from "vitest";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import { memoryConstants, tileable } from "../../daemon/plan/memory.ts";
import type { PlannedMemory } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, recipeOf, sd3, sd3t5, sd21, sdxl, square, vista } from "./plan-inputs.ts";

const memoryOf = (changes: Partial<Recipe>, model: ModelConfig = vista): PlannedMemory =>
  makePlan(recipeOf(changes), model, optionsOf()).plan.memory;

test("weights are those of UNet and VAE, which are open at the same time", () => {
  expect(memoryOf({}).weights).toBe((8851216 + 2222539) * 4);
  expect(memoryOf({}, sd21).weights).toBe((865910724 + 83653863) * 4);
});

/** Stages of square sizes, two steps each. */
const stagesOf = (...sizes: number[]): Partial<Recipe> => ({
  size: undefined,
  stages: sizes.map((side, index) => ({
    size: square(side),
    steps: 2,
    until: index === sizes.length - 1 ? 0 : 200,
  })),
});

test.each([
  [180, stagesOf(128), vista],
  [225, stagesOf(128, 256), vista],
  [427, stagesOf(256, 512), vista],
  [957, { ...stagesOf(256, 512), images: 4 }, vista],
  [954, stagesOf(512, 1024), vista],
  [456, { ...stagesOf(512, 1024), tiling: "on" }, vista],
  [1336, { ...stagesOf(1024, 2048), tiling: "on" }, vista],
  [5626, stagesOf(512), sd21],
  [7716, stagesOf(768, 1024), sd21],
  [10807, stagesOf(512, 768), sd3],
  [12627, stagesOf(1024), sd3],
  [14183, stagesOf(1024), sdxl],
] as const)(
  "the planned peak is near the %s MB that a run was measured at",
  (measured, changes, model) => {
    const planned = memoryOf(changes, model).peak / 2 ** 20;
    expect(Math.abs(planned / measured - 1)).toBeLessThan(0.1);
  },
);

test("the peak is the process, its weights, its working memory and the pictures", () => {
  const { weights, activations, peak } = memoryOf({ images: 3 });
  const pictures = 3 * 512 * 512 * memoryConstants.pictureBytesPerPixel;
  expect(peak).toBe(memoryConstants.baseBytes + weights + activations + pictures);
});

test("a denoiser that is closed while the VAE works leaves the peak to its own calls", () => {
  const planned = (memoryBytes: number): PlannedMemory =>
    makePlan(recipeOf(stagesOf(1024)), sdxl, optionsOf({ memoryBytes })).plan.memory;
  const [beside, closed] = [planned(2 ** 40), planned(12 * 2 ** 30)];
  expect(closed.weights).toBe(beside.weights);
  expect(closed.activations).toBeLessThan(beside.activations);
  // MB that a run held during its denoiser's calls.
  expect(Math.abs(closed.peak / 2 ** 20 / 11478 - 1)).toBeLessThan(0.05);
});

test("T5 is there before the denoiser: converted block by block on a CPU, as a whole on a GPU", () => {
  const peakOf = (provider: "cpu" | "cuda", t5: "on" | "off") =>
    makePlan(recipeOf({ t5, size: square(256) }), sd3t5, optionsOf({ provider })).plan.memory.peak;
  // More tokens in the denoiser take a little.
  expect(peakOf("cpu", "on") / peakOf("cpu", "off")).toBeCloseTo(1, 1);
  expect(peakOf("cuda", "on")).toBeGreaterThan(4762310656 * 2 + memoryConstants.baseBytes);
  expect(peakOf("cuda", "off")).toBeLessThan(4762310656 * 2);
});

test("working memory follows the batch, and guidance makes only the UNet's twice as large", () => {
  const { activations } = memoryOf({});
  const two = memoryOf({ images: 2 }).activations;
  expect(memoryOf({ images: 4 }).activations).toBe(2 * two);
  const { activations: unguided } = memoryOf({ guidance: 1 });
  expect(unguided).toBeLessThan(activations);
  expect(unguided).toBeGreaterThan(activations / 2);
});

test("tiles bound the VAE's working memory, so that only the UNet's grows with the picture", () => {
  const growth = (tiling: "on" | "off"): number =>
    memoryOf({ tiling, size: square(2048) }, sd21).activations -
    memoryOf({ tiling, size: square(1024) }, sd21).activations;
  expect(growth("on")).toBeGreaterThan(0);
  expect(growth("on")).toBeLessThan(growth("off") / 2);
});

test("half precision halves working memory", () => {
  const on = (precision: "fp16" | "fp32"): number =>
    makePlan(recipeOf({ precision }), vista, optionsOf({ provider: "cuda" })).plan.memory
      .activations;
  expect(Math.abs(on("fp16") - on("fp32") / 2)).toBeLessThan(2);
});

test("SDXL's VAE counts in float32 where the rest is in half precision", () => {
  const { plan } = makePlan(recipeOf({}), sdxl, optionsOf({ provider: "cuda" }));
  expect(plan.memory.weights).toBe(2567463684 * 2 + 83653863 * 4);
  const { activations } = memoryOf({}, sdxl);
  expect(plan.memory.activations).toBeGreaterThan(activations / 2);
  expect(plan.memory.activations).toBeLessThan(activations);
});

test.each([
  [{ width: 128, height: 128 }, false],
  [{ width: 136, height: 64 }, true],
  [{ width: 64, height: 136 }, true],
])("a picture of %j is cut into tiles of 128 px: %s", (size, expected) => {
  expect(tileable(size, 128)).toBe(expected);
});
