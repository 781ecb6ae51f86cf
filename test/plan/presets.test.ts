// What a recipe gets that says little: the settings of its model's family and size (method §9).
import { expect, test } from "vitest";
import { outline, planOf, sd3, sd15, sd21, sd21v, sdxl, square, vista } from "./plan-inputs.ts";

test("a recipe that says nothing gets the model's preset", () => {
  const presets = { vista, sd15, sd21, sd21v, sdxl, sd3 };
  const shown = Object.entries(presets).map(([name, model]) => {
    const plan = planOf({}, model);
    const { guidance } = plan.stages.at(-1) ?? {};
    return [name, outline(plan), plan.guidance, guidance, plan.stages[1]?.attentionReuse];
  });
  const picture = (weight: number): object => ({ weight, factor: 1, resize: "picture" });
  const frequency = (high: number, low: number, cells: number): object => ({
    kind: "frequency",
    high,
    low,
    lowSize: square(cells),
  });
  const sd = "512x512 40 999-100 | 1024x1024 10 346-0";
  expect(shown).toEqual([
    [
      "vista",
      "128x128 30 999-100 | 256x256 12 346-20 | 512x512 8 121-0",
      3,
      frequency(8, 3, 32),
      picture(0.5),
    ],
    ["sd15", sd, 7.5, frequency(45, 7.5, 64), picture(0.6)],
    ["sd21", sd, 7.5, frequency(45, 7.5, 64), picture(0.6)],
    ["sd21v", "768x768 40 999-100 | 1536x1536 10 346-0", 7.5, frequency(45, 7.5, 96), picture(0.6)],
    [
      "sdxl",
      "1024x1024 40 999-200 | 2048x2048 10 343-0",
      7.5,
      frequency(35, 7.5, 128),
      picture(0.6),
    ],
    [
      "sd3",
      "1024x1024 20 999-50 | 2048x2048 8 69-0",
      7.5,
      frequency(35, 7.5, 128),
      { weight: 0.5, factor: 154 / 4096, resize: "picture" },
    ],
  ]);
});

test.each([
  [vista, 256, "128x128 30 999-100 | 256x256 12 346-0"],
  [vista, 1024, "128x128 30 999-100 | 256x256 12 346-20 | 512x512 8 121-20 | 1024x1024 6 121-0"],
  [vista, 128, "128x128 50 999-0"],
  [sd21, 2048, "512x512 30 999-200 | 1024x1024 10 500-200 | 2048x2048 10 500-0"],
  [
    sd21,
    4096,
    "512x512 30 999-200 | 1024x1024 10 500-200 | 2048x2048 10 500-200 | 4096x4096 10 500-0",
  ],
  [sd21, 512, "512x512 50 999-0"],
  [sdxl, 4096, "1024x1024 30 999-400 | 2048x2048 5 606-200 | 4096x4096 15 395-0"],
  [sdxl, 1024, "1024x1024 50 999-0"],
] as const)("a size brings its preset's stages (%#)", (model, side, expected) => {
  expect(outline(planOf({ size: square(side) }, model))).toBe(expected);
});

test("SDXL at 4096 pixels has published settings of its own, the VAE in tiles among them", () => {
  const tiled = (changes: Parameters<typeof planOf>[0]): readonly boolean[] =>
    planOf(changes, sdxl).stages.map(({ tiledDecode }) => tiledDecode);
  expect(tiled({ size: square(4096) })).toEqual([false, true, true]);
  expect(tiled({ size: square(4096), tiling: "off" })).toEqual([false, false, false]);
  expect(tiled({ size: square(2048) })).toEqual([false, false]);
  expect(planOf({ size: square(4096) }, sdxl).stages[2]?.guidance).toMatchObject({
    high: 35,
    low: 7.5,
  });
});
