// The same weights stored as F32, F16 and BF16: the same network, as exactly as each type can hold the numbers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { answerPart, type GoldenModel, type PartName, parts } from "../support/answer-parts.ts";
import { difference } from "../support/compare.ts";
import { rewriteModel } from "../support/model-folder.ts";
import { golden } from "../support/read-golden.ts";
import { brainBits, commonValue, type FloatType, halfBits } from "../support/write-tensors.ts";

const folder = mkdtempSync(`${tmpdir()}/stored-types-`);
afterAll(() => rmSync(folder, { recursive: true }));

const types = ["F32", "F16", "BF16"] as const;
const models = ["sd21", "sd35"] as const;
for (const model of models)
  for (const dtype of types) {
    rewriteModel(`${folder}/${model}/common/${dtype}`, model, { dtype, change: commonValue });
    rewriteModel(`${folder}/${model}/rounded/${dtype}`, model, { dtype });
  }

const names = Object.keys(parts) as readonly PartName[];
const networks = models.flatMap((model) => names.map((part) => [model, part] as const));

describe("weights that every type can hold", () => {
  it.each(
    networks.flatMap((network) =>
      (["F16", "BF16"] as const).map((dtype) => [...network, dtype] as const),
    ),
  )("give %s's same %s from F32 and from %s, bit for bit", async (model, part, dtype) => {
    const expected = await answerPart(`${folder}/${model}/common/F32`, model, part);
    const actual = await answerPart(`${folder}/${model}/common/${dtype}`, model, part);
    expect(difference(actual, expected)).toBe(0);
  });
});

async function check(model: GoldenModel, part: PartName, dtype: FloatType): Promise<void> {
  const error = errors[dtype];
  const expected = await answerPart(golden(`models/${model}`), model, part);
  const rounded = await answerPart(`${folder}/${model}/rounded/${dtype}`, model, part);
  const apart = difference(rounded, expected);
  expect(apart).toBeGreaterThanOrEqual(error.over);
  expect(apart).toBeLessThan(error.under);
}

// Rounding has to show, or the test would not have read the rounded file.
const errors = {
  F32: { over: 0, under: 1e-9 },
  F16: { over: 1e-6, under: 3e-3 },
  BF16: { over: 1e-5, under: 3e-2 },
} as const;

describe("trained weights", () => {
  it.each(networks.flatMap((network) => types.map((dtype) => [...network, dtype] as const)))(
    "give %s's %s from %s within that type's precision",
    check,
  );
});

describe("the writer of these tests", () => {
  it.each([
    [1, 0x3c00, 0x3f80],
    [-2, 0xc000, 0xc000],
    [65504, 0x7bff, 0x4780],
    [2 ** -14, 0x0400, 0x3880],
    [2 ** -24, 0x0001, 0x3380],
    [2 ** -26, 0x0000, 0x3280],
    [1 + 2 ** -11, 0x3c00, 0x3f80],
    [1 + 3 * 2 ** -11, 0x3c02, 0x3f80],
    [1 + 2 ** -8, 0x3c04, 0x3f80],
    [1 + 3 * 2 ** -8, 0x3c0c, 0x3f82],
    [0.1, 0x2e66, 0x3dcd],
    [0, 0, 0],
  ])("rounds %f to the nearest half and bfloat16", (value, half, brain) => {
    expect([halfBits(value), brainBits(value)]).toEqual([half, brain]);
  });
});
