// A checkpoint in one file, in its original layout (ldm, sgm, mmdit), as the networks of a folder in diffusers format: the
// same bytes in the same place under other keys. Three projections that lie in one tensor become three slices of it.
import { partialCheckpoint, unsupportedModel } from "../base/failure.ts";
import type { Component } from "./find-weights.ts";
import { isLoraKey } from "./lora-keys.ts";
import { mmditKeyRules } from "./mmdit-keys.ts";
import { readHeader, type WeightsFile } from "./read-header.ts";
import { type KeyRule, type RenamedTensor, renameKeys } from "./rename-keys.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import { openClipKeyRules } from "./text-encoder-keys.ts";
import { unetKeyRules } from "./unet-keys.ts";
import { vaeKeyRules } from "./vae-keys.ts";
import type { Weights } from "./weight-scope.ts";

/** Told by where the text encoders are, and 3 by its blocks. */
type CheckpointLayout = "sd1" | "sd2" | "sdxl" | "sd3";

export interface Checkpoint {
  /** Absolute, with every symlink resolved. */
  readonly path: string;
  readonly layout: CheckpointLayout;
  /** All that the layout has, but for those that it may lack. */
  readonly networks: ReadonlyMap<Component, Weights>;
  /** What the file says of its training, as some of SDXL do: v-prediction, up to a last timestep of noise alone or not. */
  readonly says: "nothing" | "v" | "v to zero SNR";
}

/** Reads the header. Throws what `readHeader` throws, `unsupportedModel` and `partialCheckpoint`. */
export function openCheckpoint(path: string): Checkpoint {
  return checkpointIn(readHeader(path));
}

/** As above, of a file whose header has been read. */
export function checkpointIn(file: WeightsFile): Checkpoint {
  const layout = layoutOf(file);
  const parts = partsOf[layout].map((part) => ({ part, weights: networkOf(file, part) }));
  refuseMissing(
    file,
    parts.flatMap(({ part, weights }) => (weights === null ? [part] : [])),
  );
  const networks = parts.flatMap(({ part, weights }) =>
    weights === null ? [] : [[part.component, weights] as const],
  );
  return {
    path: file.path,
    layout,
    networks: new Map(networks),
    says: trainingOf(file),
  };
}

/** By tensors that stand for themselves; ComfyUI writes and reads them. */
function trainingOf({ path, tensors }: WeightsFile): Checkpoint["says"] {
  const mark = edmMarks.find((name) => tensors.has(name));
  if (mark !== undefined)
    throw unsupportedModel(path, `one trained by EDM, as its tensor ${mark} says`, supported);
  if (!tensors.has("v_pred")) return "nothing";
  return tensors.has("ztsnr") ? "v to zero SNR" : "v";
}

/** Of CosXL, and of Playground 2.5, whose latents are of another scale too. */
const edmMarks = ["edm_vpred.sigma_max", "edm_vpred.sigma_min", "edm_mean", "edm_std"];

/** A network's place in the file, and the rules of its keys. */
interface Part {
  readonly component: Component;
  readonly what: string;
  readonly prefix: string;
  /** Whether the model works without it. */
  readonly need: "always" | "optional";
  /** null: the keys are transformers' already. */
  readonly rules: ((keys: ReadonlySet<string>) => readonly KeyRule[]) | null;
}

const unet: Part = {
  component: "unet",
  what: "a UNet",
  prefix: "model.diffusion_model.",
  need: "always",
  rules: unetKeyRules,
};

const mmdit: Part = {
  component: "transformer",
  what: "an MMDiT",
  prefix: "model.diffusion_model.",
  need: "always",
  rules: mmditKeyRules,
};

const t5: Part = {
  component: "text_encoder_3",
  what: "the text encoder T5",
  prefix: "text_encoders.t5xxl.transformer.",
  need: "optional",
  rules: null,
};

const vae: Part = {
  component: "vae",
  what: "a VAE",
  prefix: "first_stage_model.",
  need: "always",
  rules: vaeKeyRules,
};

function text(component: "text_encoder" | "text_encoder_2", prefix: string): Part {
  const rules = prefix.endsWith(".model.") ? openClipKeyRules : null;
  return { component, what: "a text encoder", prefix, need: "always", rules };
}

const partsOf: Readonly<Record<CheckpointLayout, readonly Part[]>> = {
  sd1: [text("text_encoder", "cond_stage_model.transformer."), unet, vae],
  sd2: [text("text_encoder", "cond_stage_model.model."), unet, vae],
  sdxl: [
    text("text_encoder", "conditioner.embedders.0.transformer."),
    text("text_encoder_2", "conditioner.embedders.1.model."),
    unet,
    vae,
  ],
  sd3: [
    {
      ...text("text_encoder", "text_encoders.clip_l.transformer."),
      what: "the text encoder clip_l",
    },
    {
      ...text("text_encoder_2", "text_encoders.clip_g.transformer."),
      what: "the text encoder clip_g",
    },
    t5,
    mmdit,
    vae,
  ],
};

const supported =
  "a whole checkpoint of Stable Diffusion 1.x, 2.x, SDXL, 3 or 3.5 in its original layout, or a folder in diffusers format";

/** What other files hold, by the beginning of a key that only they have. */
const strangers = [
  ["conditioner.embedders.0.model.", "SDXL's refiner"],
  ["control_model.", "a ControlNet"],
  ["double_blocks.", "FLUX"],
  ["model.diffusion_model.double_blocks.", "FLUX"],
  ["down_blocks.", "a UNet alone, one file of a folder in diffusers format"],
  ["transformer_blocks.", "a transformer alone, one file of a folder in diffusers format"],
  ["text_model.", "a text encoder alone"],
  ["embeddings.", "a text encoder alone"],
  ["encoder.down", "a VAE alone"],
  ["model.diffusion_model.", "a UNet without its text encoder"],
  ["model_ema.", "averaged weights (EMA) without the model's own"],
] as const;

function layoutOf({ path, tensors }: WeightsFile): CheckpointLayout {
  const keys = [...tensors.keys()];
  const holds = (prefix: string): boolean => keys.some((key) => key.startsWith(prefix));
  if (holds("model.diffusion_model.joint_blocks.")) return "sd3";
  const layout = (["sdxl", "sd2", "sd1"] as const).find((name) =>
    partsOf[name]
      .filter(({ component }) => component.startsWith("text_encoder"))
      .every(({ prefix }) => holds(prefix)),
  );
  if (layout !== undefined) return layout;
  throw unsupportedModel(path, describeStranger(keys), supported);
}

function describeStranger(keys: readonly string[]): string {
  if (keys.some(isLoraKey)) return "a LoRA, which a recipe names under lora";
  const stranger = strangers.find(([prefix]) => keys.some((key) => key.startsWith(prefix)));
  return stranger?.[1] ?? `tensors such as ${keys[0] ?? "none"}`;
}

/** One sentence for all that is not there. */
function refuseMissing({ path, tensors }: WeightsFile, absent: readonly Part[]): void {
  const missed = absent.filter(({ need }) => need === "always");
  if (missed.length === 0) return;
  const what = missed.map((part) => part.what).join(" and ");
  const prefixes = missed.map(({ prefix }) => prefix).join(" or ");
  const isAveraged = [...tensors.keys()].some((key) => key.startsWith("model_ema.diffusion"));
  const averaged = isAveraged ? " but averaged ones (EMA) below model_ema." : "";
  throw partialCheckpoint(path, what, `no tensor below ${prefixes}${averaged}`);
}

/** null where the file has no tensor of it. */
function networkOf({ path, tensors }: WeightsFile, { prefix, rules }: Part): Weights | null {
  const own = [...tensors.keys()].filter((key) => key.startsWith(prefix));
  const keys = new Set(own.map((key) => key.slice(prefix.length)));
  const identity = [...keys].map((key): KeyRule => [key, key]);
  const renamed = renameKeys(tensors, prefix, rules?.(keys) ?? identity).flatMap(takeApart);
  if (renamed.length === 0) return null;
  return {
    source: path,
    tensors: new Map(renamed.map(({ key, stored }) => [key, stored])),
    originals: new Map(renamed.map(({ key, original }) => [key, original])),
  };
}

/** Three projections in one tensor, by the end of its path, and what each is asked by. */
const joined: Readonly<Record<string, readonly [string, string, string]>> = {
  "self_attn.in_proj_": ["self_attn.q_proj.", "self_attn.k_proj.", "self_attn.v_proj."],
  "attn.qkv.": ["attn.to_q.", "attn.to_k.", "attn.to_v."],
  "attn2.qkv.": ["attn2.to_q.", "attn2.to_k.", "attn2.to_v."],
  "attn.add_qkv.": ["attn.add_q_proj.", "attn.add_k_proj.", "attn.add_v_proj."],
};
const ending = /^(.*\.)([^.]+\.(?:in_proj_|qkv\.|add_qkv\.))(weight|bias)$/;
const pointwise = /\.attentions\.0\.to_(q|k|v|out\.0)\.weight$/;

/** One tensor as the layers of the graph ask for it. */
function takeApart(tensor: RenamedTensor): readonly RenamedTensor[] {
  const { key, stored } = tensor;
  const [, path, name = "", kind] = ending.exec(key) ?? [];
  const names = Object.hasOwn(joined, name) ? joined[name] : undefined;
  if (names !== undefined)
    return names.map((own, part) => ({
      ...tensor,
      key: `${path}${own}${kind}`,
      stored: third(stored, part),
    }));
  // A convolution of 1 × 1 is a matrix.
  if (pointwise.test(key)) return [{ ...tensor, stored: matrix(stored) }];
  return [tensor];
}

/** Rows lie one after the other, so a third of them is a slice of the bytes. */
function third(stored: StoredTensor, part: number): StoredTensor {
  const [rows = 0, ...rest] = stored.shape;
  if (rows % 3 !== 0) return stored;
  const length = stored.length / 3;
  return { ...stored, shape: [rows / 3, ...rest], offset: stored.offset + part * length, length };
}

function matrix(stored: StoredTensor): StoredTensor {
  const [rows = 1, columns = 1, ...kernel] = stored.shape;
  return kernel.every((side) => side === 1) ? { ...stored, shape: [rows, columns] } : stored;
}
