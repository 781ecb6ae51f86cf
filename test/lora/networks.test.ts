// Networks with LoRAs against diffusers' load_lora_weights: within 1e-4 of the largest magnitude, all weights in one session.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { denoiser } from "../../daemon/models/denoiser.ts";
import { textEncoders } from "../../daemon/models/text-encoders.ts";
import { loraFeeds } from "../../daemon/pipeline/open-loras.ts";
import type { Feed } from "../../daemon/runtime/open-network.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { openWeights } from "../../daemon/weights/open-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "../support/answer-parts.ts";
import { callRepeatedly, denoiserFeeds, type Outputs } from "../support/call-network.ts";
import { difference } from "../support/compare.ts";
import {
  type LoraModel,
  layersOf,
  loraCases,
  loraFiles,
  loraFixture,
  loraModelConfig,
  loraModels,
} from "../support/lora-fixtures.ts";
import { tinyRules, writeOriginal } from "../support/original-layout.ts";
import { originalSd3, writeOriginalSd3 } from "../support/original-sd3.ts";
import { readText } from "../support/published-run.ts";
import { golden, readGolden } from "../support/read-golden.ts";
import { readTensors, tensorOf } from "../support/read-tensors.ts";
import { commonValue, type FloatType, writeTensors } from "../support/write-tensors.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-lora-"));
afterAll(() => rmSync(workplace, { recursive: true }));

const answers = readTensors(loraFixture("answers.safetensors"));
const caseNames = ["one", "half", "both", "minus"] as const;

/** What the denoiser predicts in each of the reference's cases, of the golden's first item and four channels. */
async function predictions(
  model: LoraModel,
  files: readonly string[],
  { target = exact, config = loraModelConfig(model) } = {},
): Promise<readonly Tensor[]> {
  const parts = readGolden(`parts-${model}.safetensors`);
  const part = (name: string): Tensor => tensorOf(parts, name);
  const { component, mapLevels, build } = denoiser(config);
  const weights = openWeights(config.folder, component);
  const graph = build(scopeOf(weights, layersOf(files, config, component)), target);
  const added = {
    ...(model === "sd15" ? {} : { pooled: part("net.pooled") }),
    ...(model === "sdxl" ? { time_ids: part("net.time_ids") } : {}),
  };
  const call = { sample: part("net.sample"), text: part("net.text"), timestep: 617, added };
  const feeds = denoiserFeeds(call, mapLevels);
  const outputs = await callRepeatedly(graph, withWeights(feeds));
  return outputs.map(({ prediction }) => {
    const [, , height = 0, width = 0] = prediction?.shape ?? [];
    const shape = [1, 4, height, width];
    return { shape, data: (prediction as Tensor).data.subarray(0, 4 * height * width) };
  });
}

const withWeights = (feeds: Readonly<Record<string, Feed>>) =>
  caseNames.map((name) => ({ ...feeds, ...loraFeeds([0, 1], loraCases[name]) }));

async function check(model: LoraModel, config = loraModelConfig(model)): Promise<void> {
  const found = await predictions(model, loraFiles(model), { config });
  for (const [index, name] of caseNames.entries()) {
    const wanted = tensorOf(answers, `${model}.${name}.prediction`);
    expect(difference(found[index], wanted)).toBeLessThan(1e-4);
  }
}

describe.each(loraModels)("%s", (model) => {
  it("predicts what diffusers does, with each LoRA, with both, weaker and the other way", () =>
    check(model));

  it.each(textEncoders(loraModelConfig(model)).map(({ component }) => component))(
    "%s gives what diffusers' does",
    async (component) => {
      const encoder = textEncoders(loraModelConfig(model)).find(
        (one) => one.component === component,
      );
      const weights = findWeights(golden(`models/${model}`), component, "fp32");
      const layers = layersOf(loraFiles(model), loraModelConfig(model), component);
      const { shape, data } = tensorOf(
        readGolden(`parts-${model}.safetensors`),
        `${component}.ids`,
      );
      const tokens = shape[1] ?? 0;
      const ids = { shape: [1, tokens], data: Int32Array.from(data.subarray(0, tokens)) };
      const graph = encoder?.build(scopeOf(weights, layers), exact);
      if (graph === undefined) throw new Error(`${model}: must have ${component}`);
      const outputs = await callRepeatedly(graph, withWeights({ ids }));
      for (const name of ["both", "minus"] as const)
        compareText(outputs[caseNames.indexOf(name)], `${model}.${name}.${component}`);
    },
  );
});

describe("files of every stored type over networks of both precisions", () => {
  const values = readTensors(loraFixture("sd15-kohya.safetensors"));
  const common = new Map(
    [...values].map(([key, { shape, data }]) => [key, { shape, data: data.map(commonValue) }]),
  );
  const stored = (dtype: FloatType): string => {
    const file = join(workplace, `${dtype}.safetensors`);
    writeTensors(file, common, dtype);
    return file;
  };

  it("give the same numbers where they hold the same", async () => {
    const [full, ...others] = await Promise.all(
      (["F32", "F16", "BF16"] as const).map((type) => predictions("sd15", [stored(type)])),
    );
    expect(others).toEqual([full, full]);
  });

  it.each(["F32", "F16", "BF16"] as const)("%s in float16 comes close to float32", async (type) => {
    const half = { ...exact, precision: "float16" } as const;
    const [full] = await predictions("sd15", [stored(type)]);
    const [near] = await predictions("sd15", [stored(type)], { target: half });
    expect(difference(near, full as Tensor)).toBeLessThan(2e-2);
    expect(difference(near, full as Tensor)).toBeGreaterThan(1e-5);
  });
});

describe("a model in a single file predicts what diffusers does", () => {
  it("of SDXL", async () => {
    const file = join(workplace, "sdxl.safetensors");
    writeOriginal(file, "sdxl");
    await check("sdxl", readModel(file, readText, tinyRules));
  });

  it("of Stable Diffusion 3, whose norms say their shift first", async () => {
    const file = join(workplace, "sd3.safetensors");
    writeOriginalSd3(file, "sd3", originalSd3("sd3"));
    await check("sd3", readModel(file, readText, tinyRules));
  });
});

function compareText(outputs: Outputs | undefined, name: string): void {
  const wanted = tensorOf(answers, name);
  const data = outputs?.["text"]?.data.subarray(0, wanted.data.length) as Float32Array;
  expect(difference({ shape: wanted.shape, data }, wanted)).toBeLessThan(1e-4);
  const pooled = answers.get(`${name}.pooled`);
  if (pooled !== undefined) expect(difference(outputs?.["pooled"], pooled)).toBeLessThan(1e-4);
}
