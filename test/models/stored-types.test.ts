// The same weights stored as F32, F16 and BF16: the same network, as exactly as each type can hold the numbers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { answerPart, type PartName, parts } from "../support/answer-parts.ts";
import { difference } from "../support/compare.ts";
import { rewriteModel } from "../support/model-folder.ts";
import { golden } from "../support/read-golden.ts";
import { brainBits, commonValue, type FloatType, halfBits } from "../support/write-tensors.ts";

const folder = mkdtempSync(`${tmpdir()}/stored-types-`);
afterAll(() => rmSync(folder, { recursive: true }));

const types = ["F32", "F16", "BF16"] as const;
for (const dtype of types) {
  rewriteModel(`${folder}/common/${dtype}`, "sd21", { dtype, change: commonValue });
  rewriteModel(`${folder}/rounded/${dtype}`, "sd21", { dtype });
}

const names = Object.keys(parts) as readonly PartName[];

describe("weights that every type can hold", () => {
  it.each(
    names.flatMap((part) => (["F16", "BF16"] as const).map((dtype) => [part, dtype] as const)),
  )("give the same %s from F32 and from %s, bit for bit", async (part, dtype) => {
    const expected = await answerPart(`${folder}/common/F32`, "sd21", part);
    const actual = await answerPart(`${folder}/common/${dtype}`, "sd21", part);
    expect(difference(actual, expected)).toBe(0);
  });
});

async function check(part: PartName, dtype: FloatType, error: { over: number; under: number }) {
  const expected = await answerPart(golden("models/sd21"), "sd21", part);
  const apart = difference(await answerPart(`${folder}/rounded/${dtype}`, "sd21", part), expected);
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
  it.each(names.flatMap((part) => types.map((dtype) => [part, dtype] as const)))(
    "give the %s from %s within that type's precision",
    (part, dtype) => check(part, dtype, errors[dtype]),
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
