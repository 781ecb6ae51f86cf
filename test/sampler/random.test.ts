// Random numbers against torch's own, in both of its memory orders.
import { describe, expect, it, test } from "vitest";
import { TorchRandom } from "../../daemon/sampler/torch-random.ts";
import { farthest } from "../support/compare.ts";
import { readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";
import { samplerFixture } from "../support/sampler-fixture.ts";

const cases = readGolden("randn.safetensors");

for (const seed of [0, 1, 12345, 2 ** 31])
  test(`seed ${seed} draws torch's numbers in torch's order`, () => {
    const random = new TorchRandom(seed);
    for (const [name, shape] of [
      ["n5", [5]],
      ["n64", [4, 4, 4]],
      ["n1000", [1000]],
      ["after", [1, 4, 8, 8]],
    ] as const)
      expect(
        farthest(random.normal(shape), tensorOf(cases, `seed${seed}.${name}`)),
        name,
      ).toBeLessThan(3e-6);
  });

const batch = [2, 4, 3, 5];

function check(seed: number, first: number): void {
  const expected = (name: string) => samplerFixture(`draws.${seed}.${first}.${name}`);
  const random = new TorchRandom(seed);
  expect(farthest(random.normal([first]), expected("first"))).toBeLessThan(3e-6);
  const like = random.normalLike(batch);
  expect(like.shape).toEqual(batch);
  expect(farthest(like, expected("like"))).toBeLessThan(3e-6);
  expect(farthest(random.normal([3]), expected("after"))).toBeLessThan(3e-6);
}

// An odd small draw leaves half a pair behind, which torch's generator keeps for the next one.
describe("a batch is drawn as torch draws one whose channels lie last, after a draw of", () => {
  it.each([0, 7].flatMap((seed) => [5, 8, 48].map((first) => [first, seed] as const)))(
    "%i values from seed %i",
    (first, seed) => check(seed, first),
  );
});

it("a single image is drawn in the plain order", () => {
  const one = [1, 4, 3, 5];
  expect(new TorchRandom(7).normalLike(one)).toEqual(new TorchRandom(7).normal(one));
});

it("a batch in the other order holds other numbers than the plain one", () => {
  const like = new TorchRandom(7).normalLike(batch);
  expect(farthest(like, new TorchRandom(7).normal(batch))).toBeGreaterThan(0.1);
});

it("values of a million draws have mean 0, variance 1 and no outliers beyond torch's", () => {
  const { data } = new TorchRandom(99).normal([1_000_000]);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
  expect(Math.abs(mean)).toBeLessThan(0.005);
  expect(Math.abs(variance - 1)).toBeLessThan(0.01);
  // 24 bits of uniform allow √(2·ln 2²⁴) at most.
  expect(data.every((value) => Math.abs(value) <= 5.78)).toBe(true);
});
