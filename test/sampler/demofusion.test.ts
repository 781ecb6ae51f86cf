// DemoFusion's pieces against what the published code and torch gave for them, and the whole loop on a network made up.
import { expect, it, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { type DemofusionParts, sampleDemofusion } from "../../daemon/sampler/demofusion.ts";
import { blurGaussian } from "../../daemon/sampler/gaussian-blur.ts";
import { momentsOf, withMoments } from "../../daemon/sampler/moments.ts";
import { PythonRandom } from "../../daemon/sampler/python-random.ts";
import { resizeBicubic } from "../../daemon/sampler/resize-bicubic.ts";
import type { NetworkCall } from "../../daemon/sampler/sample.ts";
import { TorchRandom } from "../../daemon/sampler/torch-random.ts";
import { placeWindows } from "../../daemon/sampler/window-grid.ts";
import { difference, farthest } from "../support/compare.ts";
import { inBatches, planOfDemofusion } from "../support/demofusion-run.ts";
import { readGolden, readGoldenJson } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";

type Placed = readonly (readonly [number, number, number, number])[];

interface Views {
  readonly plain: Placed;
  readonly jittered_seed5: Placed;
}

type Facts = Readonly<Record<string, Views>> & {
  readonly python_randint: Readonly<Record<string, readonly (readonly number[])[]>>;
};

const facts = readGoldenJson<Facts>("compare/demofusion-parts.json");
const parts = readGolden("compare/demofusion-parts.safetensors");
const latents = tensorOf(parts, "latents");

test.each([2, 3, 4])("a blur for %s samples along a side is the published one", (scale) => {
  const blurred = blurGaussian(latents, 2 * scale - 1, 0.7);
  expect(difference(blurred, tensorOf(parts, `gaussian${scale}`))).toBeLessThan(1e-6);
});

test.each(["x2", "x1.5"])("latents enlarged %s are torch's", (name) => {
  const expected = tensorOf(parts, `bicubic.${name}`);
  const [, , height = 0, width = 0] = expected.shape;
  expect(farthest(resizeBicubic(latents, { width, height }), expected)).toBeLessThan(5e-6);
});

const draws = Object.entries(facts.python_randint).flatMap(([seed, [small = [], large = []]]) => [
  { seed: Number(seed), high: 1, expected: small, before: [] as readonly number[] },
  { seed: Number(seed), high: 16, expected: large, before: small },
]);

test.each(draws)(
  "seed $seed draws Python's numbers to $high",
  ({ seed, high, expected, before }) => {
    const fresh = new PythonRandom(seed);
    const later = new PythonRandom(seed);
    for (const _ of before) later.integer(-1, 1);
    const run = (random: PythonRandom) => expected.map(() => random.integer(-high, high));
    expect([run(fresh), run(later)]).toContainEqual(expected);
  },
);

it("a Python generator goes on from where another one stood", () => {
  const first = new PythonRandom(7);
  for (let count = 0; count < 700; count += 1) first.integer(0, 9);
  const second = new PythonRandom(first.state());
  const run = (random: PythonRandom) => Array.from({ length: 700 }, () => random.integer(0, 99));
  expect(run(second)).toEqual(run(first));
});

const grids = Object.keys(facts).filter((name) => name.startsWith("views"));

test.each(grids)("%s lie where the published code puts them", (name) => {
  const [, height = 0, width = 0, window = 0, stride = 0] = (
    /^views(\d+)x(\d+)\.(\d+)\.(\d+)$/.exec(name) ?? []
  ).map(Number);
  const grid = { latent: { width: width / 8, height: height / 8 }, window, stride };
  const jitter = Math.floor((window - stride) / 4);
  const random = new PythonRandom(5);
  const placed = (draw: (low: number, high: number) => number, frame: number): Placed =>
    placeWindows(grid, draw).map(({ top, left, height: h, width: w }) => [
      top - frame,
      top - frame + h,
      left - frame,
      left - frame + w,
    ]);
  const { plain, jittered_seed5 } = facts[name] as Views;
  expect(placed(() => 0, jitter)).toEqual(plain);
  expect(placed((low, high) => random.integer(low, high), 0)).toEqual(jittered_seed5);
});

it("a tensor gets the moments that are wanted", () => {
  const moved = momentsOf(withMoments(latents, { mean: 3, deviation: 0.5 }));
  expect(moved.mean).toBeCloseTo(3, 5);
  expect(moved.deviation).toBeCloseTo(0.5, 5);
});

/** What the network is asked in a run in which it answers with a tenth of its input. */
async function asked(name: string, variant: "published" | "corrected" = "published") {
  const plan = inBatches(planOfDemofusion(name, "/nowhere", { variant }));
  const calls: NetworkCall[] = [];
  const made: DemofusionParts = {
    latentChannels: 4,
    random: new TorchRandom(plan.prompts[0]?.seed ?? 0),
    jitterSeed: plan.prompts[0]?.seed ?? 0,
    denoise: async (call) => {
      calls.push(call);
      const answer: Tensor = { ...call.latent, data: call.latent.data.map((value) => value / 10) };
      return { uncond: answer, cond: answer, maps: [] };
    },
    decode: async (latent) => latent,
    onStep: () => {},
  };
  await sampleDemofusion(plan, made);
  return { plan, calls };
}

test.each([
  ["2x", 6],
  ["3x", 4],
  ["odd", 3],
  ["wide", 4],
])("%s tells the network the published places", async (name, step) => {
  const expected = readGolden(`compare/demofusion-${name}.safetensors`);
  const { calls } = await asked(name);
  const keys = [...expected.keys()].filter((key) => key.startsWith(`step${step}.net`)).sort();
  expect(keys.length).toBeGreaterThan(1);
  for (const [index, key] of keys.entries()) {
    const ids = tensorOf(expected, key);
    // The reference has both sides of guidance next to each other.
    const rows = Array.from({ length: (ids.shape[0] ?? 0) / 2 }, (_, row) => [
      ...ids.data.subarray(row * 12, row * 12 + 6),
    ]);
    expect(calls[step + index]?.timeIds, key).toEqual(rows);
  }
});

it("windows are told as parts of the picture, not of the frame around it, unless as published", async () => {
  const least = async (variant: "published" | "corrected") => {
    const { calls } = await asked("3x", variant);
    const tops = calls.slice(4).flatMap(({ timeIds = [] }) => timeIds.map((ids) => ids[2]));
    return Math.max(...tops);
  };
  expect((await least("published")) - (await least("corrected"))).toBe(8);
});
