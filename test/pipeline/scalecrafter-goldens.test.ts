// ScaleCrafter against the published code: the latents of every step within 1e-3 of the largest magnitude.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { redilatedDenoiser } from "../../daemon/pipeline/redilated-denoiser.ts";
import { sample } from "../../daemon/sampler/sample.ts";
import { difference } from "../support/compare.ts";
import { cpu, paintPlan } from "../support/paint-golden.ts";
import { readText } from "../support/published-run.ts";
import { readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";
import { scalecrafterPlan } from "../support/scalecrafter-run.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-scalecrafter-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Latents = readonly Float32Array[];

function check(name: string, latents: Latents): void {
  const expected = readGolden(`compare/scalecrafter-${name}.safetensors`);
  const steps = [...expected.keys()].filter((key) => key.startsWith("step"));
  expect(latents).toHaveLength(steps.length);
  const far = latents.map((data, step) => {
    const wanted = tensorOf(expected, `step${step}.latents`);
    return difference({ shape: wanted.shape, data }, wanted);
  });
  expect(Math.max(...far), `by step: ${far}`).toBeLessThan(1e-3);
}

test.each([
  ["sdxl-2x", "SDXL at 4 times its area"],
  ["sdxl-2x-eta0", "a negative prompt and no fresh noise"],
  ["sdxl-2x-freeu", "FreeU"],
  ["sdxl-4x", "falling factors and noise-damped guidance"],
  ["sd21-2x", "Stable Diffusion 2.1"],
  ["sd21-2.5x", "factors that are not whole"],
  ["sd15-2x", "Stable Diffusion 1.5, a wide picture"],
])("%s (%s) gives the published latents", async (name) => {
  const plan = scalecrafterPlan(name, join(folder, name));
  const { latents } = await paintPlan(plan);
  check(name, latents);
});

// The published code draws there what nobody sees, so that its own random numbers are given.
test.each([
  ["sdxl-4x-disperse", "dispersed kernels"],
  ["sd21-4x-disperse", "all of it at once"],
])("%s (%s) gives the published latents from the same noise", async (name) => {
  const draws = readGolden(`compare/scalecrafter-${name}.safetensors`);
  const numbers = Array.from({ length: draws.size }, (_, index) => draws.get(`draw${index}`));
  const latents = await sampleWith(scalecrafterPlan(name, folder), numbers);
  check(name, latents);
});

async function sampleWith(
  plan: ReturnType<typeof scalecrafterPlan>,
  draws: readonly (Tensor | undefined)[],
): Promise<Latents> {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const { config, open, encode } = await models.get({ ...plan.model, loras: [] }, cpu, () => {});
  const prompt = plan.prompts[0]?.text ?? "";
  const texts = await encode([prompt, ""], { peakBytes: plan.memory.peak, loraWeights: [] });
  const [cond, empty] = [texts.get(prompt), texts.get("")];
  if (cond === undefined || empty === undefined) throw new Error("texts must be encoded");
  const uncond = plan.negative === null ? zerosOf(cond) : empty;
  const latents: Float32Array[] = [];
  let next = 0;
  await sample(plan, {
    mapLevels: open.mapLevels,
    latentChannels: config.vae.latentChannels,
    scalingFactor: config.vae.scalingFactor,
    denoise: redilatedDenoiser(plan, open, { cond, uncond }),
    decode: async (latent) => latent,
    encode: async (mean) => ({ mean, std: mean }),
    picture: null,
    random: {
      normal: () => draws[next++] as Tensor,
      normalLike: () => draws[next++] as Tensor,
    },
    onStep: ({ latent }) => void latents.push(latent.data),
  });
  await models.close();
  return latents;
}

type Encoded = Parameters<typeof redilatedDenoiser>[2]["cond"];

function zerosOf({ text, pooled }: Encoded): Encoded {
  const zero = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.map(() => 0) });
  return { text: zero(text), pooled: pooled && zero(pooled) };
}
