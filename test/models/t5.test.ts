// T5, the third text encoder of Stable Diffusion 3, against transformers' T5EncoderModel and what diffusers' pipeline
// makes of all three encoders (fixtures/make_t5.py), from sharded float16 files.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { readT5Config } from "../../daemon/config/t5-config.ts";
import { t5TextEncoder } from "../../daemon/models/t5.ts";
import { modelKeeper } from "../../daemon/pipeline/model-keeper.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "../support/answer-parts.ts";
import { callNetwork } from "../support/call-network.ts";
import { difference } from "../support/compare.ts";
import { modelFixture } from "../support/fixture-networks.ts";
import { readText } from "../support/published-run.ts";
import { golden } from "../support/read-golden.ts";
import { readTensors, tensorOf } from "../support/read-tensors.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-t5-"));
afterAll(() => rmSync(folder, { recursive: true }));

const answers = readTensors(modelFixture("t5.safetensors"));
const { prompt, negative } = JSON.parse(readFileSync(modelFixture("t5/prompts.json"), "utf8"));
const config = readT5Config(modelFixture("t5"), readText);
const weights = () => scopeOf(findWeights(modelFixture("t5"), "text_encoder_3", "fp32"));

/** Every fifth token of the second text, which is what the fixture holds. */
function sampled(text: Tensor | undefined): Tensor {
  const [, tokens = 0, width = 0] = text?.shape ?? [];
  const rows = Array.from({ length: Math.ceil(tokens / 5) }, (_, index) => {
    const start = (tokens + 5 * index) * width;
    return [...(text?.data.subarray(start, start + width) ?? [])];
  });
  return { shape: [1, rows.length, width], data: Float32Array.from(rows.flat()) };
}

test.each([
  ["float32", 1e-4],
  ["float16", 5e-2],
] as const)("T5 gives the reference's last hidden state in %s", async (precision, tolerance) => {
  const scope = weights();
  const graph = t5TextEncoder(config, scope, { ...exact, precision });
  const { shape, data } = tensorOf(answers, "ids");
  const { text } = await callNetwork(graph, { ids: { shape, data: Int32Array.from(data) } });
  expect(difference(sampled(text), tensorOf(answers, "text"))).toBeLessThan(tolerance);
  expect(scope.unusedKeys()).toEqual([]);
});

test("what overflows in float16 stays finite: the products with wo and the sum of all layers", async () => {
  const scope = weights();
  const graph = t5TextEncoder(config, scope, { ...exact, precision: "float16" });
  const wo = graph.nodes.filter(({ name }) => name.includes("wo"));
  const products = graph.nodes.filter(
    ({ operator, name }) => operator === "Gemm" && name.includes("DenseReluDense.Gemm"),
  );
  expect(products.length).toBe(config.layers);
  expect(wo.map(({ operator, attributes }) => [operator, attributes["to"]])).toEqual(
    Array.from({ length: config.layers }, () => ["Cast", { kind: "int", value: 1 }]),
  );
});

test("each weight is converted before the rows that it meets are laid out, which keeps the runtime from converting all at the start", () => {
  const { nodes } = t5TextEncoder(config, weights(), exact);
  const places = new Map(nodes.flatMap(({ outputs }, at) => outputs.map((name) => [name, at])));
  const products = nodes.filter(({ operator }) => operator === "Gemm");
  expect(products.length).toBe(7 * config.layers);
  const late = products.filter(({ inputs: [rows = "", weight = ""] }) => {
    const [rowsAt = -1, weightAt = -1] = [places.get(rows), places.get(weight)];
    return weightAt < 0 || weightAt > rowsAt;
  });
  expect(late.map(({ name }) => name)).toEqual([]);
});

test("a table under the encoder's own name is found too", () => {
  const { source, tensors } = findWeights(modelFixture("t5"), "text_encoder_3", "fp32");
  const renamed = new Map(
    [...tensors].map(([key, stored]) => [
      key === "shared.weight" ? "encoder.embed_tokens.weight" : key,
      stored,
    ]),
  );
  const scope = scopeOf({ source, tensors: renamed });
  t5TextEncoder(config, scope, exact);
  expect(scope.unusedKeys()).toEqual([]);
});

/** The golden Stable Diffusion 3 with the tiny T5. */
function modelWithT5(): string {
  cpSync(golden("models/sd3"), folder, { recursive: true });
  for (const part of ["text_encoder_3", "tokenizer_3"])
    cpSync(modelFixture(`t5/${part}`), join(folder, part), { recursive: true });
  const index = join(folder, "model_index.json");
  const third = { text_encoder_3: ["transformers", "T5EncoderModel"] };
  writeFileSync(index, JSON.stringify({ ...JSON.parse(readFileSync(index, "utf8")), ...third }));
  return folder;
}

test("all three encoders give the embeddings of diffusers' pipeline", async () => {
  const models = modelKeeper({ readText, wordsFolder: "", heldBytes: () => 0 });
  const device = { provider: "cpu", threads: 1, target: exact } as const;
  const place = modelWithT5();
  const run = { peakBytes: 2 ** 40, loraWeights: [] };
  const model = await models.get({ folder: place, t5: "used", loras: [] }, device, () => {});
  const texts = await model.encode([prompt, negative], run);
  const embedded = texts.get(prompt);
  expect(embedded?.text.shape).toEqual([1, 77 + 256, 48]);
  expect(difference(embedded?.text, tensorOf(answers, "prompt"))).toBeLessThan(1e-4);
  expect(difference(embedded?.pooled ?? undefined, tensorOf(answers, "pooled"))).toBeLessThan(1e-4);

  const without = await models.get({ folder: place, t5: "unused", loras: [] }, device, () => {});
  expect(without.config).toMatchObject({
    ...readModelConfig(golden("models/sd3"), readText),
    folder: place,
    tokenizers: {},
  });
  const zeros = (await without.encode([prompt], run)).get(prompt)?.text;
  expect(zeros?.shape).toEqual([1, 154, 48]);
  expect(zeros?.data.subarray(0, 77 * 48)).toEqual(embedded?.text.data.subarray(0, 77 * 48));
  expect(zeros?.data.subarray(77 * 48).every((value) => value === 0)).toBe(true);
  await models.close();
});
