// Sampling that was left between any two steps and goes on from there ends with the same picture, to the bit.
import { expect, it } from "vitest";
import { sizeOf, type Tensor } from "../../daemon/base/tensor.ts";
import type { Plan, PlannedStage, PlannedStep } from "../../daemon/plan/plan.ts";
import { startFromPicture } from "../../daemon/plan/plan-init.ts";
import { type SamplerParts, type SamplerPosition, sample } from "../../daemon/sampler/sample.ts";
import { type RandomState, TorchRandom } from "../../daemon/sampler/torch-random.ts";

interface Left {
  readonly position: SamplerPosition;
  readonly random: RandomState;
}

/** A network whose answer depends on all that it is given, and a VAE that is a mean of 8 by 8 pixels. */
function parts(
  random: TorchRandom,
  picture: Tensor | null,
  onStep: (position: SamplerPosition) => void,
): SamplerParts {
  return {
    mapLevels: [0],
    latentChannels: 1,
    picture,
    scalingFactor: 0.5,
    random,
    denoise: async ({ latent, timestep, reuse, collect }) => {
      const map = reuse?.maps[0]?.data ?? Float32Array.of(0);
      const cond = latent.data.map(
        (value, at) => Math.sin(value * timestep) + (map[at % map.length] ?? 0),
      );
      const maps = collect ? [{ shape: [1, latent.data.length, 1], data: cond.slice() }] : [];
      return { uncond: null, cond: { ...latent, data: cond }, maps };
    },
    decode: async (latent) => resized(latent, 8),
    encode: async (picture) => {
      const mean = resized(picture, 1 / 8);
      return { mean, std: { ...mean, data: mean.data.map(() => 0.1) } };
    },
    onStep: ({ position }) => onStep(position),
  };
}

/** Every value of the first channel repeated, or every eighth one kept. */
function resized({ shape, data }: Tensor, factor: number): Tensor {
  const [n = 0, c = 0, h = 0, w = 0] = shape;
  const to = { h: h * factor, w: w * factor };
  const out = new Float32Array(sizeOf([n, c, to.h, to.w]));
  for (let y = 0; y < to.h; y += 1)
    for (let x = 0; x < to.w; x += 1)
      out[y * to.w + x] = data[Math.floor(y / factor) * w + Math.floor(x / factor)] ?? 0;
  return { shape: [n, c, to.h, to.w], data: out };
}

const flow = (sigma: number): PlannedStep => ({
  kind: "flow",
  timestep: Math.round(sigma * 999),
  sigma,
  nextSigma: sigma / 2,
});
const ddim = (alphaBar: number): PlannedStep => ({
  kind: "ddim",
  timestep: Math.round((1 - alphaBar) * 999),
  parametrisation: "epsilon",
  alphaBar,
  nextAlphaBar: (1 + alphaBar) / 2,
});

const stage = (
  side: number,
  steps: readonly PlannedStep[],
  maps: "first" | "between" | "last",
): PlannedStage => ({
  size: { width: side * 8, height: side * 8 },
  latent: { width: side, height: side },
  steps,
  guidance: { kind: "none" },
  attentionReuse: maps === "first" ? null : { weight: 0.5, factor: 1, resize: "picture" },
  collectsMaps: maps !== "last",
  sides: "together",
  tiledEncode: false,
  tiledDecode: false,
  vaeWorkspace: "keep",
  encodesAlone: false,
  decodesAlone: false,
});

/** The picture without a break, and again from every step that it could have been left at. */
async function check(
  { stages, init }: Pick<Plan, "stages" | "init">,
  picture: Tensor | null,
  steps: number,
): Promise<void> {
  const plan = { init, stages, images: 1, encodeShift: 0.1 };
  const left: Left[] = [];
  const generator = new TorchRandom(7);
  const whole = await sample(
    plan,
    parts(generator, picture, (position) => left.push({ position, random: generator.state() })),
  );
  expect(left.length).toBe(steps);
  for (const { position, random } of left) {
    const again = await sample(
      plan,
      parts(new TorchRandom(random), picture, () => {}),
      position,
    );
    expect(again).toEqual(whole);
  }
}

const cascade = (kind: (noise: number) => PlannedStep): readonly PlannedStage[] => [
  stage(4, [kind(0.2), kind(0.4), kind(0.6)], "first"),
  stage(6, [kind(0.3), kind(0.7)], "between"),
  stage(9, [kind(0.5), kind(0.9)], "last"),
];

it("DDIM goes on from every step", () => check({ stages: cascade(ddim), init: null }, null, 7));

it("flow matching goes on from every step", () =>
  check({ stages: cascade(flow), init: null }, null, 7));

it("a picture that is enlarged goes on from the call for its maps, and from every step", () => {
  const init = { image: "/a.png", sha256: "", size: { width: 48, height: 48 }, stage: 2 };
  const data = Float32Array.from({ length: 48 * 48 }, (_, index) => Math.cos(index));
  const picture = { shape: [1, 1, 48, 48], data };
  return check({ stages: startFromPicture(cascade(ddim), init), init }, picture, 3);
});

it("a generator that was copied draws on as the first one does, a single value ahead included", () => {
  const first = new TorchRandom(3);
  first.normal([21]);
  first.normal([5]);
  const second = new TorchRandom(first.state());
  expect(second.normal([7])).toEqual(first.normal([7]));
  expect(second.normal([33])).toEqual(first.normal([33]));
});

it("a generator's state is not moved on by its later draws", () => {
  const generator = new TorchRandom(3);
  const state = generator.state();
  generator.normal([1000]);
  expect(new TorchRandom(state).normal([4])).toEqual(new TorchRandom(3).normal([4]));
});
