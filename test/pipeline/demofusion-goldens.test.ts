// Whole runs of DemoFusion against the published code: every step's latent and every phase's enlarged one within 1e-3,
// the network told of the same places, the picture within 1/255 on 99.9 % of its values.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { decodePng } from "../../daemon/image/read-png.ts";
import type { StepRecord } from "../../daemon/sampler/sample.ts";
import { difference } from "../support/compare.ts";
import { inBatches, planOfDemofusion } from "../support/demofusion-run.ts";
import { recordsOf } from "../support/paint-golden.ts";
import { golden, readGolden } from "../support/read-golden.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-demofusion-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** By the reference's names; each phase after the first one begins with an enlarged latent. */
function recorded(records: readonly StepRecord[]): ReadonlyMap<string, Tensor> {
  return new Map([
    ...records.map(({ latent }, index) => [`step${index}.latents`, latent] as const),
    ...records.flatMap(({ position: { stage, step, phase } }) =>
      step === 0 && phase !== undefined
        ? [[`phase${stage + 1}.upsampled`, phase.enlarged] as const]
        : [],
    ),
  ]);
}

test.each([
  ["2x", "DDIM"],
  ["3x", "three phases"],
  ["wide", "a wide size and other exponents"],
  ["odd", "a size that dilated samples do not divide"],
  ["2x-euler", "Euler's steps with the index that is stale"],
])("demofusion-%s (%s) gives the published latents", async (name) => {
  const expected = readGolden(`compare/demofusion-${name}.safetensors`);
  const plan = planOfDemofusion(name, join(folder, name));
  // As the reference did, and one by one.
  const ways = name === "3x" ? [plan, inBatches(plan)] : [plan];
  for (const way of ways) expect(farFrom(expected, recorded(await recordsOf(way)))).toEqual([]);
});

/** Names of what is off by more than 1e-3 of the largest magnitude. */
function farFrom(
  expected: ReadonlyMap<string, Tensor>,
  actual: ReadonlyMap<string, Tensor>,
): readonly string[] {
  const keys = [...expected.keys()].filter((key) => /^step\d+\.latents|\.upsampled$/.test(key));
  expect(keys.length).toBeGreaterThan(6);
  return keys.filter((key) => !(difference(actual.get(key), expected.get(key) as Tensor) < 1e-3));
}

test.each(["2x", "wide", "odd"])("demofusion-%s gives the published picture", async (name) => {
  const plan = planOfDemofusion(name, join(folder, name));
  await recordsOf(plan);
  const files = [plan.prompts[0]?.outputs[0] ?? "", golden(`compare/demofusion-${name}.png`)];
  const [actual, expected] = files.map((file) => decodePng(readFileSync(file), file).rgb);
  const far = [...(expected ?? [])].filter(
    (value, index) => Math.abs(value - (actual?.[index] ?? 999)) > 1,
  );
  expect(far.length / (expected?.length ?? 0)).toBeLessThan(1e-3);
});
