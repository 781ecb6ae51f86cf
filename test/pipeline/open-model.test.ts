// Which precision each network of a model is given, and that none opens from a file that was written meanwhile.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { openModel } from "../../daemon/pipeline/open-model.ts";
import { exact } from "../support/answer-parts.ts";
import { farthest } from "../support/compare.ts";
import { identify, loraFiles } from "../support/lora-fixtures.ts";
import { readText } from "../support/published-run.ts";
import { golden, readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-open-"));
afterAll(() => rmSync(workplace, { recursive: true }));

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

const device = { provider: "cpu", threads: 1, target: exact } as const;

/** Another file in its place, of the same size and with the same time. */
function replace(file: string): void {
  copyFileSync(file, `${file}.part`);
  utimesSync(`${file}.part`, 1e9, 1e9);
  renameSync(`${file}.part`, file);
}

test("a network that is closed does not open again from a file that was written meanwhile", async () => {
  const folder = join(workplace, "sd15");
  cpSync(golden("models/sd15"), folder, { recursive: true });
  const file = join(folder, "vae/diffusion_pytorch_model.safetensors");
  utimesSync(file, 1e9, 1e9);
  const open = openModel(readModelConfig(folder, readText), device, () => {});
  const latent = tensorOf(readGolden("parts-sd15.safetensors"), "vae64x64.latent");
  const paint = () => open.decode(latent, { stage: 0, workspace: "release" });
  const picture = await paint();
  await open.closeVae();
  // Other rights are no other contents.
  chmodSync(file, 0o600);
  expect(await paint()).toEqual(picture);
  await open.closeVae();
  replace(file);
  await expect(paint()).rejects.toMatchObject({
    code: "model.changed",
    message: expect.stringMatching(/model\.safetensors: must stay as it was until the run ends/),
  });
  await open.dispose();
});

test("a network does not open where a LoRA was written meanwhile, which is told as what it is", async () => {
  const [fixture = ""] = loraFiles("sd15");
  const file = join(workplace, "lora.safetensors");
  copyFileSync(fixture, file);
  utimesSync(file, 1e9, 1e9);
  const config = readModelConfig(golden("models/sd15"), readText);
  const open = openModel(config, device, () => {}, { loras: [identify(file)] });
  replace(file);
  const latent = tensorOf(readGolden("parts-sd15.safetensors"), "vae64x64.latent");
  await expect(open.decode(latent, { stage: 0, workspace: "release" })).rejects.toMatchObject({
    code: "weights.lora",
    message: expect.stringMatching(/lora\.safetensors: must be as it was when the run was planned/),
  });
  await open.dispose();
});
