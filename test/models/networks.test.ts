// Each network alone against the published code's numbers: within 1e-4 of the largest magnitude.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { readModelConfig } from "../../daemon/config/model-config.ts";
import { readProjectedTextEncoderConfig } from "../../daemon/config/text-encoder-config.ts";
import { clipProjectedTextEncoder } from "../../daemon/models/clip.ts";
import { denoiser } from "../../daemon/models/denoiser.ts";
import { textEncoders } from "../../daemon/models/text-encoders.ts";
import { vaeDecoder, vaeEncoder } from "../../daemon/models/vae.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { exact } from "../support/answer-parts.ts";
import { callNetwork, denoiserFeeds } from "../support/call-network.ts";
import { difference } from "../support/compare.ts";
import { golden, readGolden } from "../support/read-golden.ts";
import { tensorOf } from "../support/read-tensors.ts";

const readText = (path: string): string => readFileSync(path, "utf8");

/** The hidden state that conditions the denoising network, of each text encoder (method §7). */
const conditions = {
  sd15: { text_encoder: "last" },
  sd21: { text_encoder: "last" },
  sdxl: { text_encoder: "hidden2", text_encoder_2: "hidden2" },
  sd3: { text_encoder: "hidden2", text_encoder_2: "hidden2" },
  sd35: { text_encoder: "hidden2", text_encoder_2: "hidden2" },
} as const;

/** Tensors of SDXL's first encoder that nothing asks for: the last layer and the norm after it. */
const afterHidden = /^(encoder\.layers\.2|final_layer_norm)\./;

for (const kind of ["sd15", "sd21", "sdxl", "sd3", "sd35"] as const)
  for (const attention of ["fused", "decomposed"] as const) {
    const folder = golden(`models/${kind}`);
    const config = readModelConfig(folder, readText);
    const parts = readGolden(`parts-${kind}.safetensors`);
    const part = (name: string): Tensor => tensorOf(parts, name);
    const target = { ...exact, attention };

    for (const { component, build } of textEncoders(config))
      test(`the ${component} of ${kind} gives the reference's hidden state (${attention})`, async () => {
        const weights = scopeOf(findWeights(folder, component, "fp32"));
        const ids = part(`${component}.ids`);
        const feeds = { ids: { shape: ids.shape, data: Int32Array.from(ids.data) } };
        const { text, pooled } = await callNetwork(build(weights, target), feeds);
        const states: Readonly<Record<string, string>> = conditions[kind];
        expect(difference(text, part(`${component}.${states[component]}`))).toBeLessThan(1e-4);
        const projected = parts.has(`${component}.text_embeds`);
        if (projected)
          expect(difference(pooled, part(`${component}.text_embeds`))).toBeLessThan(1e-4);
        expect(pooled !== undefined).toBe(projected);
        const isCut = kind === "sdxl" && component === "text_encoder";
        const unused = weights.unusedKeys();
        expect(unused.filter((key) => !(isCut && afterHidden.test(key)))).toEqual([]);
        expect(unused.length > 0).toBe(isCut);
      });

    test(`the denoiser of ${kind} gives the reference's prediction (${attention})`, async () => {
      const { component, mapLevels, build } = denoiser(config);
      const weights = scopeOf(findWeights(folder, component, "fp32"));
      const pooled = parts.has("net.pooled") ? { pooled: part("net.pooled") } : {};
      const timeIds = parts.has("net.time_ids") ? { time_ids: part("net.time_ids") } : {};
      const feeds = {
        sample: part("net.sample"),
        text: part("net.text"),
        timestep: 617,
        added: { ...pooled, ...timeIds },
      };
      const { prediction } = await callNetwork(
        build(weights, target),
        denoiserFeeds(feeds, mapLevels),
      );
      expect(difference(prediction, part("net.output"))).toBeLessThan(1e-4);
      expect(weights.unusedKeys()).toEqual([]);
    });

    for (const size of ["64x64", "64x96"])
      test(`the VAE of ${kind} encodes and decodes ${size} as the reference does (${attention})`, async () => {
        const weights = scopeOf(findWeights(folder, "vae", "fp32"));
        const { moments } = await callNetwork(vaeEncoder(config.vae, weights, target), {
          image: part(`vae${size}.image`),
        });
        const half = (moments?.data.length ?? 0) / 2;
        const mean = part(`vae${size}.mean`);
        expect(
          difference(
            { shape: mean.shape, data: moments?.data.subarray(0, half) as Float32Array },
            mean,
          ),
        ).toBeLessThan(1e-4);
        expect(
          difference(
            { shape: mean.shape, data: moments?.data.subarray(half) as Float32Array },
            part(`vae${size}.logvar`),
          ),
        ).toBeLessThan(1e-4);
        const { image } = await callNetwork(vaeDecoder(config.vae, weights, target), {
          latent: part(`vae${size}.latent`),
        });
        expect(difference(image, part(`vae${size}.decoded`))).toBeLessThan(1e-4);
        expect(weights.unusedKeys()).toEqual([]);
      });
  }

test("an end token that the config calls 2, as old ones do, is the largest id of the text", async () => {
  const folder = golden("models/sdxl");
  const config = readProjectedTextEncoderConfig(folder, "text_encoder_2", readText);
  const parts = readGolden("parts-sdxl.safetensors");
  const weights = scopeOf(findWeights(folder, "text_encoder_2", "fp32"));
  const graph = clipProjectedTextEncoder({ ...config, endToken: 2 }, weights, exact);
  const { shape, data } = tensorOf(parts, "text_encoder_2.ids");
  const { pooled } = await callNetwork(graph, { ids: { shape, data: Int32Array.from(data) } });
  expect(difference(pooled, tensorOf(parts, "text_encoder_2.text_embeds"))).toBeLessThan(1e-4);
});
