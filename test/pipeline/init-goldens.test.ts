// A cascade that begins with a picture against the published runs: given the picture that the reference's first stage
// decodes, the latent of its last step and the reference's own draws, the rest of the run is the reference's.
import { afterAll, expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { guidedDenoiser } from "../../daemon/pipeline/guided-denoiser.ts";
import { type KeptModel, modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { scaledVae } from "../../daemon/pipeline/scaled-vae.ts";
import type { Plan, PlannedStep } from "../../daemon/plan/plan.ts";
import { startFromPicture } from "../../daemon/plan/plan-init.ts";
import { type SamplerParts, type StepRecord, sample } from "../../daemon/sampler/sample.ts";
import { TorchRandom } from "../../daemon/sampler/torch-random.ts";
import { difference } from "../support/compare.ts";
import { planOfGolden, readText } from "../support/published-run.ts";
import { readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";

const device = {
  provider: "cpu",
  threads: 2,
  target: { precision: "float32", attention: "fused" },
} as const;
const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
afterAll(() => models.close());

type Networks = Omit<SamplerParts, "random" | "onStep" | "picture">;

async function networksOf(plan: Plan, model: KeptModel): Promise<Networks> {
  const { config, open } = model;
  const prompt = plan.prompts[0]?.text ?? "";
  const texts = await model.encode([prompt, plan.negative ?? ""], {
    peakBytes: plan.memory.peak,
    loraWeights: [],
  });
  const [cond, uncond] = [texts.get(prompt), texts.get(plan.negative ?? "")];
  if (cond === undefined || uncond === undefined) throw new Error("texts must be encoded");
  return {
    mapLevels: open.mapLevels,
    latentChannels: config.vae.latentChannels,
    scalingFactor: config.vae.scalingFactor,
    denoise: guidedDenoiser(plan, open, { cond, uncond }),
    ...scaledVae(plan, open, config.vae),
  };
}

/** What the first stage decodes, clipped: the run itself is held to the reference in goldens.test.ts. */
async function firstPicture(plan: Plan, networks: Networks): Promise<Tensor> {
  const pictures: Tensor[] = [];
  await sample(
    { ...plan, stages: plan.stages.slice(0, 2) },
    {
      ...networks,
      decode: async (latent, stage) => {
        const picture = await networks.decode(latent, stage);
        pictures.push({ ...picture, data: picture.data.map((x) => Math.min(1, Math.max(-1, x))) });
        return picture;
      },
      picture: null,
      random: new TorchRandom(plan.prompts[0]?.seed ?? 0),
      onStep: () => {},
    },
  );
  return pictures[0] as Tensor;
}

/** The noise that turns the clean latent into `latent` at `step`. */
function noiseBetween(clean: Tensor, latent: Tensor, step: PlannedStep | undefined): Tensor {
  const alphaBar = step?.kind === "ddim" ? step.alphaBar : 0;
  const [signal, sigma] =
    step?.kind === "flow"
      ? [1 - step.sigma, step.sigma]
      : [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
  const data = latent.data.map((x, index) => (x - signal * (clean.data[index] ?? 0)) / sigma);
  return { shape: latent.shape, data };
}

test.each([
  ["sd15", "two images of a wide size"],
  ["sd21-corrected", "three stages, corrected"],
  ["sd21", "three stages"],
  ["sd21v-corrected", "v-prediction, corrected"],
  ["sdxl", "SDXL"],
  ["sd3", "Stable Diffusion 3"],
  ["sd3-corrected", "Stable Diffusion 3, corrected"],
  ["sd35-corrected", "Stable Diffusion 3.5, corrected"],
])("run-%s (%s) goes on from its first picture as published", async (name) => {
  const expected = readGolden(`run-${name}.safetensors`);
  const full = planOfGolden(name, "/nowhere");
  const model = await models.get({ ...full.model, loras: [] }, device, () => {});
  const networks = await networksOf(full, model);
  const picture = await firstPicture(full, networks);
  const [, , height = 0, width = 0] = picture.shape;
  const init = { image: "/a.png", sha256: "", size: { width, height }, stage: 1 };
  const plan = { ...full, init, stages: startFromPicture(full.stages, init) };
  const steps = full.stages[0]?.steps.length ?? 0;
  const isFlow = full.stages[0]?.steps[0]?.kind === "flow";

  // The map call's posterior is not moved, and its noise leads to the latent that the reference had there.
  let clean: Tensor | undefined;
  const before = tensorOf(expected, `step${steps - 2}.latents`);
  // The reference draws first for its first stage, and each step of flow matching draws for nothing.
  let next = 1 + (isFlow ? steps : 0);
  const drawn: string[] = [];
  const draw = (shape: readonly number[]): Tensor => {
    const golden = tensorOf(expected, `draw${next}`);
    next += 1;
    expect(golden.shape).toEqual(shape);
    return golden;
  };
  const random: SamplerParts["random"] = {
    normal: (shape) => {
      drawn.push("normal");
      return drawn.length === 1
        ? { shape, data: new Float32Array(before.data.length) }
        : draw(shape);
    },
    normalLike: (shape) => {
      drawn.push("like");
      if (drawn.length !== 2) return draw(shape);
      return noiseBetween(clean as Tensor, before, full.stages[0]?.steps.at(-1));
    },
  };
  const records: StepRecord[] = [];
  const painted = await sample(plan, {
    ...networks,
    picture,
    random,
    encode: async (given, stage) => {
      const encoded = await networks.encode(given, stage);
      const scaled = (x: number): number => (x - full.encodeShift) * networks.scalingFactor;
      clean ??= { ...encoded.mean, data: encoded.mean.data.map(scaled) };
      return encoded;
    },
    onStep: (record) => void records.push(record),
  });

  const [entering, ...later] = records;
  const far = later.flatMap(({ latent }, index) => {
    const error = difference(latent, tensorOf(expected, `step${steps + index}.latents`));
    return error < 1e-3 ? [] : [`step${steps + index} is off by ${error}`];
  });
  expect(far).toEqual([]);
  expect(later.length).toBe(full.stages.slice(1).flatMap((stage) => stage.steps).length);
  expect(difference(entering?.maps?.map, tensorOf(expected, "camap0"))).toBeLessThan(1e-3);
  expect(difference(entering?.latent, tensorOf(expected, `step${steps - 1}.latents`))).toBeLessThan(
    1e-3,
  );
  const image = {
    ...painted,
    data: painted.data.map((x) => Math.min(1, Math.max(0, x / 2 + 0.5))),
  };
  expect(difference(image, tensorOf(expected, "image"))).toBeLessThan(4e-3);
});
