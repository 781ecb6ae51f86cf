// What a plan does about memory: tiles, guidance's sides one after the other, attention in slices, the fastest first.
import { expect, it } from "vitest";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan, type PlanOptions } from "../../daemon/plan/make-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { optionsOf, recipeOf, sd3, sd21, sd35, sdxl, square, vista } from "./plan-inputs.ts";

const gigabyte = 2 ** 30;

const planOn = (
  options: Partial<PlanOptions>,
  model: ModelConfig,
  changes: Partial<Recipe> = {},
): Plan => makePlan(recipeOf(changes), model, optionsOf(options)).plan;

/** "whole together" for each stage, with "decodes alone" or "alone" where the denoiser is closed for the VAE. */
const outline = ({ stages }: Plan): readonly string[] =>
  stages.map(({ tiledDecode, sides, encodesAlone, decodesAlone }) => {
    const closed = encodesAlone ? " alone" : " decodes alone";
    return `${tiledDecode ? "tiled" : "whole"} ${sides}${decodesAlone ? closed : ""}`;
  });

function check(
  memoryGigabytes: number,
  model: ModelConfig,
  changes: Partial<Recipe>,
  expected: readonly string[],
): void {
  const plan = planOn({ memoryBytes: memoryGigabytes * gigabyte }, model, changes);
  expect(outline(plan)).toEqual(expected);
  expect(plan.memory.peak).toBeLessThanOrEqual(memoryGigabytes * gigabyte);
}

const large = { size: square(2048) };
const largest = { size: square(4096) };

it("nothing is given up where everything fits", () =>
  check(64, sdxl, large, ["whole together", "whole together"]));

it("the denoiser is closed first, because the picture stays the same, and only where the VAE needs the room", () => {
  check(22, sdxl, large, ["whole together", "whole together decodes alone"]);
  check(19, sdxl, large, ["whole together", "whole together alone"]);
  check(16, sdxl, large, ["whole together decodes alone", "whole together alone"]);
});

it("the VAE works in tiles where closing does not do, and then the denoiser stays open where it can", () =>
  check(12, sd21, { ...large, tiling: "on" }, [
    "whole together",
    "tiled together",
    "tiled together",
  ]));

it("then guidance's sides go one after the other, only in the stage that needs it", () =>
  check(25, sdxl, largest, ["whole together", "tiled together", "tiled apart"]));

it("a very large picture is tiled where that is less work, however much memory there is", () => {
  const tilesOf = (side: number): readonly string[] =>
    outline(planOn({}, vista, { stages: [stage(side)] }));
  expect(tilesOf(2048)).toEqual(["whole together"]);
  expect(tilesOf(4096)).toEqual(["tiled together"]);
});

const stage = (side: number) => ({ size: square(side), steps: 1, until: 0 });

it("two calls a step are counted as two, without what both sides would share", () => {
  const few = { memoryBytes: 1 } as const;
  const changes = { stages: [{ size: square(128), steps: 3, until: 0 }] };
  const [apart, together] = [planOn(few, vista, changes), planOn({}, vista, changes)];
  expect([apart.cost.networkCalls, together.cost.networkCalls]).toEqual([6, 3]);
  expect(apart.cost.denoiserByStage[0]).toBeGreaterThan(together.cost.denoiserByStage[0] ?? 0);
  expect(apart.memory.activations).toBeLessThan(together.memory.activations);
  const unguided = planOn(few, vista, { ...changes, guidance: 1 });
  expect(outline(unguided)).toEqual(["whole together decodes alone"]);
});

it("the CPU's attention needs no slices at any size", () => {
  expect(planOn({ memoryBytes: 1 }, sdxl, largest).scoresAtOnce).toBeNull();
});

it.each([
  ["Stable Diffusion 2.1", sd21],
  ["SDXL", sdxl],
  ["Stable Diffusion 3.5", sd35],
] as const)("%s at 4096×4096 on a GPU takes attention in slices that fit", (_, model) => {
  const plan = planOn({ provider: "webgpu", memoryBytes: 24 * gigabyte }, model, largest);
  expect(plan.scoresAtOnce).toBeGreaterThan(2 ** 20);
  expect(plan.memory.peak).toBeLessThan(24 * gigabyte);
});

it("slices are smaller where memory is shorter, and absent where there are few scores", () => {
  const at = (memoryBytes: number, changes: Partial<Recipe>): number | null =>
    planOn({ provider: "webgpu", memoryBytes }, sdxl, changes).scoresAtOnce;
  const most = at(2 ** 40, largest) ?? 0;
  expect(at(1, largest)).toBeLessThan(most);
  expect(planOn({ provider: "webgpu" }, vista, { size: square(256) }).scoresAtOnce).toBeNull();
});

it.each([
  { name: "Stable Diffusion 2.1", model: sd21, side: 4096, most: 17 },
  { name: "SDXL", model: sdxl, side: 1024, most: 11.5 },
  { name: "SDXL", model: sdxl, side: 4096, most: 22.1 },
  { name: "Stable Diffusion 3", model: sd3, side: 2048, most: 16 },
  { name: "Stable Diffusion 3.5", model: sd35, side: 4096, most: 25 },
])("$name at $side pixels fits in $most GB on the CPU", ({ model, side, most }) => {
  const plan = planOn({ memoryBytes: most * gigabyte }, model, { size: square(side) });
  expect(plan.memory.peak).toBeLessThanOrEqual(most * gigabyte);
});
