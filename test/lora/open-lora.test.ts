// LoRA files against a model's layers, in every layout that is understood; and how strongly each layer was trained to act.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readLoras } from "../../daemon/config/read-lora.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import {
  type LoraModel,
  layersOf,
  loraFiles,
  loraFixture,
  loraModelConfig,
  loraModels,
} from "../support/lora-fixtures.ts";
import { tinyRules, writeOriginal } from "../support/original-layout.ts";
import { readText } from "../support/published-run.ts";
import { readTensors } from "../support/read-tensors.ts";
import { writeTensors } from "../support/write-tensors.ts";

const workplace = mkdtempSync(join(tmpdir(), "frecas-lora-"));
afterAll(() => rmSync(workplace, { recursive: true }));

type Tensors = ReadonlyMap<string, Tensor>;

const own = (model: LoraModel): Tensors =>
  readTensors(loraFixture(`${model}-diffusers.safetensors`));

function write(tensors: Tensors, name = "some.safetensors"): string {
  const file = join(workplace, name);
  writeTensors(file, tensors, "F32");
  return file;
}

/** The layers that a file changes, with the sizes of its matrices. */
const layers = (file: string, model: LoraModel): readonly string[] =>
  readLoras([file], loraModelConfig(model))
    .flatMap((lora) => lora.layers)
    .map((layer) => `${layer.component} ${JSON.stringify(layer)}`)
    .sort();

const partsOf = (key: string) =>
  /^(unet|transformer|text_encoder|text_encoder_2)\.(.+)\.lora_([AB])\.weight$/.exec(key) ?? [];

/** Diffusers' file under other keys changes the same layers. */
function checkRenamed(
  model: LoraModel,
  rename: (network: string, layer: string, which: "down" | "up") => string,
): void {
  const renamed = [...own(model)].map(([key, tensor]) => {
    const [, network = "", layer = "", matrix] = partsOf(key);
    return [rename(network, layer, matrix === "A" ? "down" : "up"), tensor] as const;
  });
  expect(layers(write(new Map(renamed)), model)).toEqual(
    layers(loraFixture(`${model}-diffusers.safetensors`), model),
  );
}

describe.each(loraModels)("the layers of %s", (model) => {
  const isText = (network: string): boolean => network.startsWith("text_encoder");

  it("are found under kohya's names", () => {
    const prefixes: Readonly<Record<string, string>> = {
      text_encoder: model === "sd15" ? "lora_te" : "lora_te1",
      text_encoder_2: "lora_te2",
    };
    checkRenamed(model, (network, layer, which) => {
      const prefix = prefixes[network] ?? "lora_unet";
      return `${prefix}_${layer.replaceAll(".", "_")}.lora_${which}.weight`;
    });
  });

  it("are found under diffusers' older names", () =>
    checkRenamed(model, (network, layer, which) =>
      isText(network)
        ? `${network}.${layer}.lora_linear_layer.${which}.weight`
        : `${network}.${layer}.lora.${which}.weight`,
    ));

  it("are found under an attention processor's names", () =>
    checkRenamed(model, (network, layer, which) => {
      const [, path, name] = /^(.*\.attn\d)\.(to_[qkv]|to_out)(?:\.0)?$/.exec(layer) ?? [];
      return path === undefined
        ? `${network}.${layer}.lora.${which}.weight`
        : `${network}.${path}.processor.${name}_lora.${which}.weight`;
    }));

  it("are found under peft's own names, with the adapter's", () =>
    checkRenamed(model, (network, layer, which) => {
      const matrix = which === "down" ? "lora_A" : "lora_B";
      return isText(network)
        ? `${network}.${layer.replace("text_model.", "")}.${matrix}.weight`
        : `base_model.model.${layer}.${matrix}.default.weight`;
    }));

  it("are the same in both files of the reference, whatever the names", () => {
    const [one, other] = loraFiles(model).map((file) =>
      readLoras([file], loraModelConfig(model))
        .flatMap((lora) => lora.layers)
        .map(({ component, path }) => `${component} ${path}`)
        .sort(),
    );
    expect(one?.length).toBeGreaterThan(20);
    expect(other).toEqual(one);
  });
});

it("a model in a single file takes the LoRAs of its folder", () => {
  const file = join(workplace, "single.safetensors");
  writeOriginal(file, "sdxl");
  const [whole] = readLoras(loraFiles("sdxl"), loraModelConfig("sdxl"));
  const [single] = readLoras(loraFiles("sdxl"), readModel(file, readText, tinyRules));
  const bare = (path: string): string => path.replace("text_model.", "");
  const sorted = (facts: typeof whole) =>
    facts?.layers.map((layer) => JSON.stringify({ ...layer, path: bare(layer.path) })).sort();
  expect(sorted(single)).toEqual(sorted(whole));
});

describe("a layer's scale", () => {
  const q = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";
  const path = q.slice("unet.".length);
  const pair = new Map([...own("sd15")].filter(([key]) => key.startsWith(q)));
  const scaleOf = (file: string): number | undefined =>
    layersOf([file], loraModelConfig("sd15"), "unet")[0]?.get(path)?.scale;
  const number = (value: number) => ({ shape: [], data: Float32Array.of(value) });

  it("is 1 without an alpha", () => expect(scaleOf(write(pair))).toBe(1));

  it.each(["F32", "F16", "BF16"] as const)("is the alpha of type %s over the rank", (dtype) => {
    const file = join(workplace, "alpha.safetensors");
    writeTensors(file, new Map([...pair, [`${q}.alpha`, number(-1.5)]]), dtype);
    expect(scaleOf(file)).toBe(-0.5);
  });

  it("comes from peft's settings where the file has no alphas", () =>
    expect(scaleOf(loraFixture("sd15-diffusers.safetensors"))).toBe(1.5));
});
