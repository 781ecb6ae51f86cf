// Whole runs against the published code: every recorded step within 1e-3 of the largest magnitude, pictures
// within 1/255 on 99.9 % of their values.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { decodePng } from "../../daemon/image/read-png.ts";
import type { StepRecord } from "../../daemon/sampler/sample.ts";
import { difference } from "../support/compare.ts";
import { recordsOf } from "../support/paint-golden.ts";
import { planOfGolden } from "../support/published-run.ts";
import { golden, readGolden } from "../support/read-golden.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-goldens-"));
afterAll(() => rmSync(folder, { recursive: true }));

const runs = [
  ["sd15", "two images of a wide size"],
  ["sd21", "three stages"],
  ["sd21-corrected", "three stages, corrected"],
  ["sd21v", "v-prediction"],
  ["sd21v-corrected", "v-prediction on a wide size, corrected"],
  ["sd21-tiled", "the VAE in tiles"],
  ["sdxl", "two text encoders and the size's embedding"],
  ["sdxl-corrected", "SDXL, corrected"],
  ["sdxl3", "SDXL in three stages"],
  ["sd3", "an MMDiT and flow matching"],
  ["sd3-corrected", "Stable Diffusion 3, corrected"],
  ["sd35-corrected", "Stable Diffusion 3.5, corrected"],
  ["vista", "the built-in model"],
] as const;

for (const [name, what] of runs)
  test(`run-${name} (${what}) gives the published latents, maps and pictures`, async () => {
    const expected = readGolden(`run-${name}.safetensors`);
    const plan = planOfGolden(name, join(folder, name));
    const records = await recordsOf(plan);
    expect(worstSteps(records, expected)).toEqual([]);
    for (const [image, path] of (plan.prompts[0]?.outputs ?? []).entries())
      expect(farValues(path, golden(`run-${name}.0${image}.png`))).toBeLessThan(1e-3);
  });

/** What the reference recorded and this run misses or has off by more than 1e-3, as sentences. */
function worstSteps(
  records: readonly StepRecord[],
  expected: ReadonlyMap<string, Tensor>,
): string[] {
  const actual = recorded(records);
  const keys = [...expected.keys()].filter((key) => /^(step\d+\.|camap\d)/.test(key));
  expect(keys.length).toBeGreaterThan(5);
  return keys.flatMap((key) => {
    const error = difference(actual.get(key), expected.get(key) as Tensor);
    return error < 1e-3 ? [] : [`${key} is off by ${error}`];
  });
}

function recorded(records: readonly StepRecord[]): ReadonlyMap<string, Tensor> {
  const maps = records.flatMap(({ maps }) => (maps === null ? [] : [maps.map]));
  return new Map([
    ...records.map(({ latent }, index) => [`step${index}.latents`, latent] as const),
    ...records.map(({ guided }, index) => [`step${index}.model_output`, guided] as const),
    ...maps.map((map, index) => [`camap${index}`, map] as const),
  ]);
}

/** Share of the values of two pictures that differ by more than one step of 255. */
function farValues(path: string, reference: string): number {
  const [actual, expected] = [path, reference].map((file) => decodePng(readFileSync(file), file));
  const values = [...(expected?.rgb ?? [])];
  const far = values.filter((value, index) => Math.abs(value - (actual?.rgb[index] ?? 999)) > 1);
  return far.length / values.length;
}
