// Plans on their way between processes.
import { expect, test } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { parsePlan } from "../../daemon/plan/parse-plan.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import { planOf, sd3, sd3t5, sdxl, square } from "./plan-inputs.ts";

test.each<readonly [string, Partial<Recipe>]>([
  ["the default recipe", {}],
  ["direct sampling", { method: "direct" }],
  ["no guidance", { guidance: 1, metadata: "off" }],
  [
    "a dropped low band",
    { variant: "published", frequencyGuidance: { high: 9, low: 9, single: true } },
  ],
  ["many prompts", { prompts: ["a", 'quote " and ünïcödé', "c"], images: 3, size: square(256) }],
])("the plan of %s survives JSON", (_, changes) => {
  const plan = planOf(changes);
  expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

test.each([
  ["sdxl", sdxl],
  ["sd3", sd3],
  ["sd3", sd3t5],
])("the plan of the family %s survives JSON", (family, model) => {
  const plan = planOf({}, model);
  expect(plan.model.family).toBe(family);
  expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

test.each<readonly [string, unknown, RegExp]>([
  ["nothing", undefined, /got the whole with/],
  [
    "another version",
    { ...planOf({}), version: 1 },
    /must be a plan of version 4, got version with/,
  ],
  ["an unknown field", { ...planOf({}), extra: 1 }, /extra/],
  ["a missing field", { ...planOf({}), tilePx: undefined }, /got tilePx with/],
  [
    "a timestep out of range",
    withStep({ timestep: 1000 }),
    /got stages\.0\.steps\.0\.timestep with/,
  ],
  [
    "an ᾱ that is no number",
    withStep({ alphaBar: null }),
    /got stages\.0\.steps\.0\.alphaBar with/,
  ],
  ["no stages", { ...planOf({}), stages: [] }, /got stages with/],
  [
    "a stage without steps",
    { ...planOf({}), stages: [{ ...planOf({}).stages[0], steps: [] }] },
    /got stages with "must have steps"/,
  ],
  [
    "a picture for a stage that is not there",
    { ...planOf({}), init: { image: "/a.png", sha256: "0".repeat(64), size: square(8), stage: 3 } },
    /got init\.stage with "must be one of the stages"/,
  ],
  [
    "a picture without contents",
    { ...planOf({}), init: { image: "/a.png", sha256: "", size: square(8), stage: 1 } },
    /got init\.sha256 with/,
  ],
])("%s is refused with the field's name", (_, json, message) => {
  expect(() => parsePlan(json)).toThrow(Failure);
  expect(() => parsePlan(json)).toThrow(message);
});

function withStep(changes: object): unknown {
  const plan = planOf({});
  const [stage] = plan.stages;
  return { ...plan, stages: [{ ...stage, steps: [{ ...stage?.steps[0], ...changes }] }] };
}
