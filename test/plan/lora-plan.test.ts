// What a plan says of LoRAs: which are used, what they cost by torch's own count, their memory, the picture's recipe.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type LoraFacts, readLoras } from "../../daemon/config/read-lora.ts";
import { countFlops } from "../../daemon/plan/cost/count-flops.ts";
import { countParameters } from "../../daemon/plan/cost/count-parameters.ts";
import { withLoraLayers } from "../../daemon/plan/cost/lora-layers.ts";
import { networkLayers } from "../../daemon/plan/cost/network-layers.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import { parsePlan } from "../../daemon/plan/parse-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import { showPlan } from "../../daemon/plan/show-plan.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import {
  type LoraModel,
  loraFiles,
  loraFixture,
  loraModelConfig,
  loraModels,
} from "../support/lora-fixtures.ts";
import { readGolden } from "../support/read-golden.ts";
import { readTensors, tensorOf } from "../support/read-tensors.ts";
import { optionsOf, recipeOf, square } from "./plan-inputs.ts";

const factsOf = (model: LoraModel): readonly LoraFacts[] =>
  readLoras(loraFiles(model), loraModelConfig(model));

function planWith(model: LoraModel, weights: readonly number[]): Plan {
  const files = loraFiles(model);
  const lora = weights.map((weight, index) => ({ file: files[index] ?? "", weight }));
  const loras = factsOf(model).slice(0, weights.length);
  const size = square(128);
  return makePlan(recipeOf({ lora, size }), loraModelConfig(model), optionsOf({ loras })).plan;
}

describe.each(loraModels)("LoRAs of %s", (model) => {
  const config = loraModelConfig(model);
  const plain = networkLayers(config);
  const [facts] = factsOf(model);
  const changed = withLoraLayers(plain, config, facts === undefined ? [] : [facts]);

  it("cost what torch counts", () => {
    const flops = JSON.parse(readFileSync(loraFixture("flops.json"), "utf8"));
    const parts = readGolden(`parts-${model}.safetensors`);
    const [batch = 0, , height = 0, width = 0] = tensorOf(parts, "net.sample").shape;
    const [, tokens = 0] = tensorOf(parts, "net.text").shape;
    const grid = { width, height, tokens, batch };
    const added = countFlops(changed.denoiser, grid) - countFlops(plain.denoiser, grid);
    // Of a vector for the whole picture torch counts one row a timestep, and we one an item of the batch.
    const wanted = flops[model];
    expect(Math.abs(added - wanted) / wanted).toBeLessThan(2e-3);
  });

  it("hold as many numbers as their matrices", () => {
    const tensors = [...readTensors(loraFixture(`${model}-diffusers.safetensors`))];
    const count = (ofText: boolean): number =>
      tensors
        .filter(([key]) => key.startsWith("text_encoder") === ofText)
        .reduce((sum, [, { data }]) => sum + data.length, 0);
    const grown = countParameters(changed.denoiser) - countParameters(plain.denoiser);
    // Convolutions are counted with a bias, which LoRAs have not.
    expect(grown - count(false)).toBeGreaterThanOrEqual(0);
    expect(grown - count(false)).toBeLessThan(40);
  });

  it("make a plan's text, denoiser and memory grow", () => {
    const [without, both] = [planWith(model, []), planWith(model, [1, -0.5])];
    expect(both.cost.text).toBeGreaterThan(without.cost.text);
    for (const [stage, flops] of without.cost.denoiserByStage.entries())
      expect(both.cost.denoiserByStage[stage]).toBeGreaterThan(flops);
    expect(both.cost.vaeByStage).toEqual(without.cost.vaeByStage);
    expect(both.memory.weights).toBeGreaterThan(without.memory.weights);
  });
});

it.each([
  // conv_in, time_embedding.linear_1, and of the first block conv1, time_emb_proj, proj_in and attn1.to_q.
  ["sd15", 6],
  ["sdxl", 0],
  ["sd3", 0],
] as const)("of %s both sides of guidance share the matrices of %i layers", (model, count) => {
  const config = loraModelConfig(model);
  const plain = networkLayers(config);
  const changed = withLoraLayers(plain, config, factsOf(model).slice(0, 1));
  expect(changed.shared.length - plain.shared.length).toBe(2 * count);
});

it("a LoRA of weight 0 makes the plan that there is without it, but for the recipe's own text", () => {
  expect(planWith("sd15", [0])).toEqual(planWith("sd15", []));
  expect(planWith("sd15", [0, 1]).loras).toHaveLength(1);
});

it("a plan with LoRAs survives its way to the engine, and one with a broken weight does not", () => {
  const plan = planWith("sd15", [1, -0.7]);
  expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  const broken = { ...plan, loras: [{ ...plan.loras[0], weight: "much" }] };
  expect(() => parsePlan(broken)).toThrow(/loras\.0\.weight/);
});

it("a plan names its LoRAs with their weights", () => {
  const shown = showPlan(planWith("sd15", [1, -0.7]));
  expect(shown).toMatch(/^lora +sd15-diffusers\.safetensors × 1$/m);
  expect(shown).toMatch(/^lora +sd15-kohya\.safetensors × -0\.7$/m);
  expect(showPlan(planWith("sd15", [0]))).not.toContain("lora");
});

it("the picture's recipe paints with the same LoRAs again", () => {
  const plan = planWith("sd15", [0.5, -0.7]);
  const { recipes, problems } = parseRecipes(plan.recipe ?? "", "/elsewhere/x.frecas", () => "");
  expect(problems).toEqual([]);
  expect(recipes[0]?.lora).toEqual([
    { file: loraFiles("sd15")[0], weight: 0.5 },
    { file: loraFiles("sd15")[1], weight: -0.7 },
  ]);
});
