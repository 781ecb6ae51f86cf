// Single files whose channels make no whole number of heads: told in a sentence, before a graph is made of them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Tensor } from "../../daemon/base/tensor.ts";
import type { LayoutRules } from "../../daemon/config/family-rules.ts";
import { readModel } from "../../daemon/config/read-model.ts";
import { originalTensors, tinyRules } from "../support/original-layout.ts";
import { originalSd3 } from "../support/original-sd3.ts";
import { readText } from "../support/published-run.ts";
import { writeTensors } from "../support/write-tensors.ts";

const folder = mkdtempSync(join(tmpdir(), "frecas-heads-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { sd1, sd2, sd3 } = tinyRules;
const wide = (rules: typeof sd1 | typeof sd3) =>
  rules.texts.map((text) => ({ ...text, headWidth: 7 }));
const fiveHeads: Tensor = { shape: [16, 5], data: new Float32Array(80) };

it.each<readonly [string, ReadonlyMap<string, Tensor>, Partial<LayoutRules>, string]>([
  [
    "a UNet's heads of one width",
    originalTensors("sd21v"),
    { sd2: { ...sd2, unetHeads: { width: 5 } } },
    "heads of 5 channels, got 8 channels;",
  ],
  [
    "a UNet's heads of one number",
    originalTensors("sd15"),
    { sd1: { ...sd1, unetHeads: { count: 3 } } },
    "heads, got 16 channels and 3 heads;",
  ],
  [
    "a text encoder's",
    originalTensors("sd15"),
    { sd1: { ...sd1, texts: wide(sd1) } },
    "heads of 7 channels, got 24 channels;",
  ],
  [
    "an MMDiT's",
    originalSd3("sd3"),
    { sd3: { ...sd3, headWidth: 12 } },
    "heads of 12 channels, got 32 channels;",
  ],
  [
    "T5's",
    new Map([
      ...originalSd3("sd3"),
      [
        "text_encoders.t5xxl.transformer.encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        fiveHeads,
      ],
    ]),
    {},
    "heads, got 12 channels and 5 heads;",
  ],
])("%s", (_, tensors, rules, expected) => {
  const file = join(folder, "model.safetensors");
  writeTensors(file, tensors, "F32");
  const message = expect.stringContaining(`channels must split evenly into ${expected}`);
  const wanted = expect.objectContaining({ code: "model.config", message });
  expect(() => readModel(file, readText, { ...tinyRules, ...rules })).toThrow(wanted);
});
