// Writes a golden model as one file in its original layout (ldm, sgm): diffusers' key mapping the other way round, with
// projections joined, matrices as 1 × 1 convolutions and the text's projection transposed, as the original has them.
import { cpSync, existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Tensor } from "../../daemon/base/tensor.ts";
import { type LayoutRules, publishedRules } from "../../daemon/config/family-rules.ts";
import { golden } from "./read-golden.ts";
import { readTensors } from "./read-tensors.ts";
import { writeTensors } from "./write-tensors.ts";

export type SingleFileModel = "sd15" | "sd21v" | "sdxl";

type Tensors = ReadonlyMap<string, Tensor>;

const [sd1Text, sd2Text, sdxlText1, sdxlText2] = [
  "cond_stage_model.transformer.text_model.",
  "cond_stage_model.model.",
  "conditioner.embedders.0.transformer.text_model.",
  "conditioner.embedders.1.model.",
];

const models = {
  sd15: { layout: "sd1", resnets: 1, text_encoder: sd1Text },
  sd21v: { layout: "sd2", resnets: 1, text_encoder: sd2Text },
  sdxl: { layout: "sdxl", resnets: 2, text_encoder: sdxlText1, text_encoder_2: sdxlText2 },
} as const;

const tiny = { normGroups: 4, sampleSize: 8, tilePx: 64 };
const texts = (layout: keyof typeof publishedRules, widths: readonly number[]) =>
  publishedRules[layout].texts.map((text, index) => ({ ...text, headWidth: widths[index] ?? 0 }));

/** What no shape of the tiny models says, in place of the published families' rules. */
export const tinyRules: LayoutRules = {
  sd1: { ...publishedRules.sd1, ...tiny, unetHeads: { count: 2 }, texts: texts("sd1", [12]) },
  sd2: { ...publishedRules.sd2, ...tiny, unetHeads: { width: 4 }, texts: texts("sd2", [12]) },
  sdxl: { ...publishedRules.sdxl, ...tiny, unetHeads: { width: 8 }, texts: texts("sdxl", [8, 6]) },
  sd3: {
    ...publishedRules.sd3,
    ...tiny,
    sampleSize: 16,
    headWidth: 8,
    texts: texts("sd3", [8, 6]),
    t5: { maxDistance: 60, normEps: 1e-5 },
  },
};

/** Every tensor of the model by the original's keys. */
export function originalTensors(model: SingleFileModel): Map<string, Tensor> {
  const { resnets, ...encoders } = models[model];
  const parts = Object.entries(encoders).filter(([name]) => name !== "layout");
  return new Map([
    ...renamed(model, "unet", (key) => `model.diffusion_model.${unetKey(key, resnets)}`),
    ...originalVae(model),
    ...parts.flatMap(([name, prefix]) => textTensors(model, name, prefix)),
    // What training leaves behind.
    ["model_ema.decay", { shape: [], data: Float32Array.of(0.9999) }],
  ]);
}

/** The VAE of a golden model by the original's keys. */
export function originalVae(model: string): Tensors {
  const tensors = renamed(model, "vae", (key) => `first_stage_model.${vaeKey(key)}`);
  return new Map([...tensors].map(asConvolution));
}

/** Writes them to `file`, in the golden's type, and the golden's tokenizers beside it. */
export function writeOriginal(file: string, model: SingleFileModel): void {
  writeTensors(file, originalTensors(model), model === "sdxl" ? "F16" : "F32");
  for (const name of ["tokenizer", "tokenizer_2"])
    if (existsSync(golden(`models/${model}/${name}`)))
      cpSync(golden(`models/${model}/${name}`), `${dirname(file)}/${name}`, { recursive: true });
}

/** The tensors of one folder of a golden model under other keys. */
export function renamed(model: string, part: string, rename: (key: string) => string): Tensors {
  const folder = golden(`models/${model}/${part}`);
  const name = readdirSync(folder).find((file) => file.endsWith(".safetensors"));
  const tensors = readTensors(`${folder}/${name}`);
  return new Map([...tensors].map(([key, tensor]) => [rename(key), tensor]));
}

/** All levels have as many `resnets` on the way down, and one more on the way up. */
function unetKey(key: string, resnets: number): string {
  const block = /^(down|up)_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.+)$/.exec(key);
  if (block !== null) {
    const [, way, level, kind, layer, rest = ""] = block;
    const index = Number(level) * (resnets + 1) + Number(layer);
    const place = way === "down" ? `input_blocks.${index + 1}` : `output_blocks.${index}`;
    return kind === "resnets" ? `${place}.0.${resnetKey(rest)}` : `${place}.1.${rest}`;
  }
  const down = /^down_blocks\.(\d+)\.downsamplers\.0\.conv\.(.+)$/.exec(key);
  if (down !== null) return `input_blocks.${(Number(down[1]) + 1) * (resnets + 1)}.0.op.${down[2]}`;
  const up = /^up_blocks\.(\d+)\.upsamplers\.0\.conv\.(.+)$/.exec(key);
  if (up !== null) {
    // After the attention where the level has one: on the way up, only SD's first level has none.
    const place = resnets === 1 && up[1] === "0" ? 1 : 2;
    return `output_blocks.${Number(up[1]) * (resnets + 1) + resnets}.${place}.conv.${up[2]}`;
  }
  return key
    .replace(/^mid_block\.resnets\.0\.(.+)/, (_, rest) => `middle_block.0.${resnetKey(rest)}`)
    .replace(/^mid_block\.resnets\.1\.(.+)/, (_, rest) => `middle_block.2.${resnetKey(rest)}`)
    .replace("mid_block.attentions.0.", "middle_block.1.")
    .replace("time_embedding.linear_1.", "time_embed.0.")
    .replace("time_embedding.linear_2.", "time_embed.2.")
    .replace("add_embedding.linear_1.", "label_emb.0.0.")
    .replace("add_embedding.linear_2.", "label_emb.0.2.")
    .replace("conv_in.", "input_blocks.0.0.")
    .replace("conv_norm_out.", "out.0.")
    .replace("conv_out.", "out.2.");
}

function resnetKey(key: string): string {
  return key
    .replace("norm1", "in_layers.0")
    .replace("conv1", "in_layers.2")
    .replace("time_emb_proj", "emb_layers.1")
    .replace("norm2", "out_layers.0")
    .replace("conv2", "out_layers.3")
    .replace("conv_shortcut", "skip_connection");
}

/** Of four levels. */
function vaeKey(key: string): string {
  return key
    .replace(/down_blocks\.(\d)\.resnets\.(\d)/, "down.$1.block.$2")
    .replace(/down_blocks\.(\d)\.downsamplers\.0/, "down.$1.downsample")
    .replace(/up_blocks\.(\d)\.resnets\.(\d)/, (_, up, layer) => `up.${3 - up}.block.${layer}`)
    .replace(/up_blocks\.(\d)\.upsamplers\.0/, (_, up) => `up.${3 - up}.upsample`)
    .replace("mid_block.resnets.0", "mid.block_1")
    .replace("mid_block.resnets.1", "mid.block_2")
    .replace("mid_block.attentions.0.group_norm", "mid.attn_1.norm")
    .replace(/mid_block\.attentions\.0\.to_([qkv])/, "mid.attn_1.$1")
    .replace("mid_block.attentions.0.to_out.0", "mid.attn_1.proj_out")
    .replace("conv_norm_out", "norm_out")
    .replace("conv_shortcut", "nin_shortcut");
}

function asConvolution([key, tensor]: readonly [string, Tensor]): readonly [string, Tensor] {
  if (!/attn_1\.(q|k|v|proj_out)\.weight$/.test(key)) return [key, tensor];
  return [key, { ...tensor, shape: [...tensor.shape, 1, 1] }];
}

function textTensors(
  model: SingleFileModel,
  part: string,
  prefix: string,
): readonly (readonly [string, Tensor])[] {
  const tensors = renamed(model, part, (key) => key.replace("text_model.", ""));
  if (!prefix.endsWith(".model."))
    return [...tensors].map(([key, tensor]) => [`${prefix}${key}`, tensor]);
  const own = openClip(tensors);
  const last = [...own].filter(([key]) => key.includes("resblocks.0."));
  // Stable Diffusion 2 does not use its encoder's last layer, but has it.
  const unused = last.map(
    ([key, tensor]) => [key.replace("blocks.0.", "blocks.2."), tensor] as const,
  );
  const all = model === "sd21v" ? [...own, ...unused] : own;
  return [...all].map(([key, tensor]) => [`${prefix}${key}`, tensor]);
}

function openClip(tensors: Tensors): Tensors {
  const found = new Map<string, Tensor>();
  for (const [key, tensor] of tensors) {
    const [, layer, kind] = /^(.+\.self_attn)\.q_proj\.(weight|bias)$/.exec(key) ?? [];
    if (layer !== undefined) {
      const three = ["q", "k", "v"].map((name) => tensors.get(`${layer}.${name}_proj.${kind}`));
      found.set(openClipKey(`${layer}.in_proj_${kind}`), joined(three as readonly Tensor[]));
    } else if (key === "text_projection.weight") found.set("text_projection", transposed(tensor));
    else if (!/\.[kv]_proj\./.test(key)) found.set(openClipKey(key), tensor);
  }
  return found;
}

function openClipKey(key: string): string {
  return key
    .replace("embeddings.token_embedding", "token_embedding")
    .replace("embeddings.position_embedding.weight", "positional_embedding")
    .replace("final_layer_norm", "ln_final")
    .replace("encoder.layers.", "transformer.resblocks.")
    .replace("layer_norm", "ln_")
    .replace("mlp.fc1", "mlp.c_fc")
    .replace("mlp.fc2", "mlp.c_proj")
    .replace("self_attn", "attn");
}

function joined(tensors: readonly Tensor[]): Tensor {
  const [rows = 0, ...rest] = tensors[0]?.shape ?? [];
  const data = tensors.flatMap((tensor) => [...tensor.data]);
  return { shape: [rows * tensors.length, ...rest], data: Float32Array.from(data) };
}

function transposed({ shape, data }: Tensor): Tensor {
  const [rows = 0, columns = 0] = shape;
  const cell = (_: unknown, index: number): number =>
    data[(index % rows) * columns + Math.floor(index / rows)] as number;
  return { shape: [columns, rows], data: Float32Array.from({ length: rows * columns }, cell) };
}
