// Plans that begin with a picture: which stage enlarges it, what is called, what it costs, what does not fit.
import { expect, test } from "vitest";
import { Failure } from "../../daemon/base/failure.ts";
import { type Size, showSize } from "../../daemon/base/size.ts";
import type { ModelConfig } from "../../daemon/config/model-config.ts";
import { makePlan } from "../../daemon/plan/make-plan.ts";
import { parsePlan } from "../../daemon/plan/parse-plan.ts";
import type { Plan } from "../../daemon/plan/plan.ts";
import { showPlan } from "../../daemon/plan/show-plan.ts";
import { parseRecipes } from "../../daemon/recipe/parse-recipes.ts";
import type { Recipe } from "../../daemon/recipe/recipe.ts";
import {
  optionsOf,
  outline,
  planOf,
  recipeOf,
  sd3,
  sd15,
  sdxl,
  square,
  vista,
} from "./plan-inputs.ts";

const image = "/home/me/lake.png";
const sha256 = "5".repeat(64);

/** The plan and its warnings for a picture of this size. */
function planned(size: Size, changes: Partial<Recipe> = {}, model: ModelConfig = vista) {
  const examinePicture = (path: string) => {
    expect(path).toBe(image);
    return { size, sha256 };
  };
  return makePlan(recipeOf({ init: { image }, ...changes }), model, optionsOf({ examinePicture }));
}

const outlineOf = (size: Size, changes: Partial<Recipe> = {}, model?: ModelConfig): string =>
  outline(planned(size, changes, model).plan);

test("the stages before have no steps, but for the one call that collects maps", () => {
  expect(outline(planOf({}))).toBe("128x128 30 999-100 | 256x256 12 346-20 | 512x512 8 121-0");
  const { plan, warnings } = planned(square(256));
  expect(outline(plan)).toBe("128x128 0 undefined-undefined | 256x256 1 20-20 | 512x512 8 121-0");
  expect(plan.init).toEqual({ image, sha256, size: square(256), stage: 2 });
  expect(warnings).toEqual([]);
  const [first, before, enlarging] = plan.stages;
  const full = planOf({}).stages;
  expect(first).toMatchObject({ collectsMaps: false, guidance: { kind: "none" } });
  expect(before).toMatchObject({ collectsMaps: true, attentionReuse: null });
  expect(before?.steps).toEqual(full[1]?.steps.slice(-1));
  expect(enlarging).toEqual(full[2]);
});

test.each<readonly [string, Size, Partial<Recipe>, ModelConfig, string]>([
  ["the first stage's size", square(128), {}, vista, "1 100-100 | 256x256 12 346-20 | 512"],
  ["nearly a stage's size", square(250), {}, vista, "0 undefined-undefined | 256x256 1 20-20 | 5"],
  ["less than the first stage", square(64), {}, vista, "128x128 1 100-100 | 256x256 12"],
  ["a stage that is said", square(128), { init: { image, from: 3 } }, vista, "256x256 1 20-20"],
  ["SD 1.5", square(512), { size: square(1024) }, sd15, "512x512 1 100-100 | 1024x1024 10"],
  ["SDXL", square(1024), {}, sdxl, "1024x1024 1 200-200 | 2048x2048 10"],
  ["SD 3", square(1024), {}, sd3, "1024x1024 1 50-50 | 2048x2048 8"],
  ["no reuse", square(256), { attentionReuse: 0 }, vista, "256x256 0 undefined-undefined | 512"],
  [
    "a wide one",
    { width: 320, height: 240 },
    { size: { width: 512, height: 384 } },
    vista,
    "320x240 1 20-20 | 512x384",
  ],
])("a picture of %s enters where it should", (_, size, changes, model, part) => {
  expect(outlineOf(size, changes, model)).toContain(part);
});

test("a direct run looks at no picture", () => {
  const { plan } = makePlan(recipeOf({ method: "direct", init: { image } }), vista, optionsOf());
  expect(plan.init).toBe(null);
  expect(plan.recipe).not.toContain("init");
});

const two = [
  { size: square(256), steps: 3, until: 100 },
  { size: square(512), steps: 2, until: 0 },
];

test.each<readonly [string, Size, Partial<Recipe>, RegExp]>([
  [
    "one stage",
    square(64),
    { size: square(128) },
    /^init: needs a stage that enlarges its picture, got one stage alone, 128×128; write a larger/,
  ],
  [
    "a stage that is not there",
    square(64),
    { init: { image, from: 4 } },
    /^init: from must be one of the stages, got stage 4 of 3; write from: 3$/,
  ],
  [
    "a picture as large as the finished one",
    square(512),
    {},
    /^init: image must be smaller than the finished picture, 512×512, got 512×512; write a larger/,
  ],
  [
    "another aspect",
    { width: 320, height: 240 },
    {},
    /^init: image must have the aspect of stage 2, 256×256, got 320×240; write size: 512x384, or crop/,
  ],
  [
    "another aspect beside stages",
    { width: 240, height: 320 },
    { stages: two },
    /of stage 1, 256×256, got 240×320; write stages of its aspect, 192x256 for stage 1, or crop/,
  ],
])("%s is refused with what to write", (_, size, changes, message) => {
  expect(() => planned(size, changes)).toThrow(Failure);
  expect(() => planned(size, changes)).toThrow(message);
});

test("the size that is proposed for another aspect is taken", () => {
  for (const [width, height] of [
    [640, 480],
    [1000, 667],
    [333, 1000],
    [1920, 1080],
    [301, 299],
  ] as const) {
    const picture = { width: Math.round(width / 4), height: Math.round(height / 4) };
    const message = attempt(() => planned(picture, { size: square(1024) }));
    const [, w, h] = /write size: (\d+)x(\d+)/.exec(message) ?? [];
    if (w === undefined) continue;
    const size = { width: Number(w), height: Number(h) };
    expect(showSize(planned(picture, { size }).plan.stages.at(-1)?.size ?? size)).toBe(
      showSize(size),
    );
  }
});

function attempt(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return String(error);
  }
}

test("a picture that is shrunk loses details, which is worth a warning", () => {
  const { warnings } = planned(square(300), { stages: two });
  expect(warnings).toEqual([
    expect.stringMatching(
      /^init: image should be no larger than stage 1, 256×256, got 300×300, .*, with 304x304 for that/,
    ),
  ]);
  expect(planned(square(260), { stages: two }).warnings).toEqual([]);
  expect(planned(square(256), { init: { image, from: 2 } }).warnings).toEqual([
    expect.stringMatching(/than stage 1, 128×128, got 256×256, .*; write from: 3 to keep them$/),
  ]);
});

test("calls, operations and memory are those that are left", () => {
  const full = planOf({ images: 2 });
  const { cost, memory } = planned(square(256), { images: 2 }).plan;
  expect(cost.networkCalls).toBe(9);
  expect(cost.denoiserByStage[0]).toBe(0);
  expect(cost.denoiserByStage[2]).toBe(full.cost.denoiserByStage[2]);
  const call = (full.cost.denoiserByStage[1] ?? 0) / 12;
  expect((cost.denoiserByStage[1] ?? 0) / call).toBeCloseTo(1, 1);
  // One encoding for the maps; one for the change of stage, and two pictures decoded.
  const decode = (px: number): number =>
    vaeOf(planOf({ method: "direct", size: square(px) }))[0] ?? 0;
  const encode = (stage: number, px: number): number =>
    (full.cost.vaeByStage[stage] ?? 0) / 2 - decode(px);
  expect(cost.vaeByStage).toEqual([0, encode(1, 256), encode(2, 512) + 2 * decode(512)]);
  expect(memory.peak).toBeLessThanOrEqual(full.memory.peak);
});

const vaeOf = ({ cost }: Plan): readonly number[] => cost.vaeByStage;

test("a giant picture counts while it is read", () => {
  const size = square(8000);
  const { plan } = planned(size, { stages: two, init: { image, from: 2 } });
  expect(plan.memory.peak).toBeGreaterThan(8000 * 8000 * 30);
});

test("tiles are where the VAE works", () => {
  const { stages } = planned(square(256), { tiling: "on" }).plan;
  expect(stages.map(({ tiledEncode, tiledDecode }) => [tiledEncode, tiledDecode])).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ]);
});

test.each([
  ["vista", vista, 256],
  ["SD 3", sd3, 1024],
] as const)(
  "a plan of %s survives JSON, and its picture's recipe plans it again",
  (_, model, px) => {
    const { plan } = planned(square(px), { images: 2 }, model);
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    const { recipes, problems } = parseRecipes(plan.recipe ?? "", "/a/b.frecas", () => undefined);
    expect(problems).toEqual([]);
    expect(recipes[0]?.init).toEqual({ image, from: (plan.init?.stage ?? 0) + 1 });
    expect(planned(square(px), recipes[0], model).plan).toEqual(plan);
  },
);

test("the plan tells people which picture, how it is resized, and what is left out", () => {
  const text = showPlan(planned({ width: 250, height: 254 }).plan);
  expect(text).toMatch(/^ +1 {2}128×128 +0 {2}none +none +none +none$/m);
  expect(text).toMatch(/^ +2 {2}256×256 +1 {2}20 +0\.981 → 0\.981 +none +collect$/m);
  expect(text).toMatch(/^vae +3 /m);
  expect(text).toMatch(
    /^from +\/home\/me\/lake\.png \(250×254, resized to 256×256\), enlarged by stage 3$/m,
  );
  expect(text).not.toMatch(/NaN|undefined/);
});
