// Which precision each network of a model is given.
import { expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { openModel } from "../../daemon/pipeline/open-model.ts";
import { farthest } from "../support/compare.ts";
import { readText } from "../support/published-run.ts";
import { golden, readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";

async function decode(
  model: "sd21" | "sdxl",
  precision: "float16" | "float32",
): Promise<Tensor | undefined> {
  const config = readModelConfig(golden(`models/${model}`), readText);
  const device = {
    provider: "cpu",
    threads: 1,
    target: { precision, attention: "fused" },
  } as const;
  const open = openModel(config, device, () => {});
  try {
    return await open.decode(
      tensorOf(readGolden(`parts-${model}.safetensors`), "vae64x64.latent"),
      { stage: 0, workspace: "keep" },
    );
  } finally {
    await open.dispose();
  }
}

test.each([
  ["sdxl", "in float32, as it overflows in less", true],
  ["sd21", "in the device's precision", false],
] as const)("the VAE of %s runs %s", async (model, _, isExact) => {
  const [half, full] = [await decode(model, "float16"), await decode(model, "float32")];
  expect(full === undefined ? Number.NaN : farthest(half, full) === 0).toBe(isExact);
});
