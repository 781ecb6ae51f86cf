// Older checkpoints call some tensors otherwise; the network is the same.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, expect, it } from "vitest";
import { clipTextEncoder } from "../../daemon/models/clip.ts";
import { vaeDecoder, vaeEncoder } from "../../daemon/models/vae.ts";
import { findWeights } from "../../daemon/weights/find-weights.ts";
import { scopeOf } from "../../daemon/weights/weight-scope.ts";
import { answerPart, exact, goldenConfig, type PartName } from "../support/answer-parts.ts";
import { difference } from "../support/compare.ts";
import { rewriteModel } from "../support/model-folder.ts";

const folder = mkdtempSync(`${tmpdir()}/legacy-names-`);
afterAll(() => rmSync(folder, { recursive: true }));

const legacyAttention: readonly (readonly [RegExp, string])[] = [
  [/(attentions\.0\.)to_q\./, "$1query."],
  [/(attentions\.0\.)to_k\./, "$1key."],
  [/(attentions\.0\.)to_v\./, "$1value."],
  [/(attentions\.0\.)to_out\.0\./, "$1proj_attn."],
];

/** Of the VAE's attention; the UNet's has transformer blocks around these names. */
const legacy = (key: string): string =>
  /^(encoder|decoder)\./.test(key)
    ? legacyAttention.reduce((name, [from, to]) => name.replace(from, to), key)
    : key;

const withPrefix = (key: string): string =>
  /^(text_model\.)?(embeddings|encoder\.layers|final_layer_norm)\./.test(key)
    ? `text_model.${key.replace(/^text_model\./, "")}`
    : legacy(key);

const withoutPrefix = (key: string): string => key.replace(/^text_model\./, "");

const oldKeys = rewriteModel(`${folder}/old`, "sd21", { dtype: "F32", rename: withPrefix });
const newKeys = rewriteModel(`${folder}/new`, "sd21", { dtype: "F32", rename: withoutPrefix });

it.each([
  [
    "decoder.mid_block.attentions.0.proj_attn.weight",
    "decoder.mid_block.attentions.0.to_out.0.weight",
  ],
  ["encoder.mid_block.attentions.0.query.bias", "encoder.mid_block.attentions.0.to_q.bias"],
  ["text_model.final_layer_norm.weight", "final_layer_norm.weight"],
])("the two checkpoints differ in the name %s", (old, now) => {
  expect([oldKeys.includes(old), oldKeys.includes(now)]).toEqual([true, false]);
  expect([newKeys.includes(old), newKeys.includes(now)]).toEqual([false, true]);
});

async function check(part: PartName): Promise<void> {
  const expected = await answerPart(`${folder}/new`, "sd21", part);
  expect(difference(await answerPart(`${folder}/old`, "sd21", part), expected)).toBe(0);
}

it.each(["text_encoder", "vae encoder", "vae decoder"] as const)(
  "the %s answers the same under its older names, bit for bit",
  check,
);

it.each(["old", "new"])("every tensor of the %s checkpoint is used", (age) => {
  const config = goldenConfig("sd21");
  const vae = scopeOf(findWeights(`${folder}/${age}`, "vae", "fp32"));
  vaeEncoder(config.vae, vae, exact);
  vaeDecoder(config.vae, vae, exact);
  const text = scopeOf(findWeights(`${folder}/${age}`, "text_encoder", "fp32"));
  clipTextEncoder(config.text, text, exact);
  expect([vae.unusedKeys(), text.unusedKeys()]).toEqual([[], []]);
});
