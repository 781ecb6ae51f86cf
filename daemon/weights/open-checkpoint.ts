// A checkpoint in one file, in its original layout (ldm, sgm), as the networks of a folder in diffusers format: the
// same bytes in the same place under other keys. Three projections that lie in one tensor become three slices of it.
import { partialCheckpoint, unsupportedModel } from "../base/failure.ts";
import type { Component } from "./find-weights.ts";
import { readHeader, type WeightsFile } from "./read-header.ts";
import { type KeyRule, type RenamedTensor, renameKeys } from "./rename-keys.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import { openClipKeyRules } from "./text-encoder-keys.ts";
import { unetKeyRules } from "./unet-keys.ts";
import { vaeKeyRules } from "./vae-keys.ts";
import type { Weights } from "./weight-scope.ts";

/** Told by where the text encoders are. */
export type CheckpointLayout = "sd1" | "sd2" | "sdxl";

export interface Checkpoint {
  /** Absolute, with every symlink resolved. */
  readonly path: string;
  readonly layout: CheckpointLayout;
  readonly networks: ReadonlyMap<Component, Weights>;
  /** Whether the file marks itself as trained by v-prediction, as some of SDXL do. */
  readonly saysVPrediction: boolean;
}

/** Reads the header. Throws what `readHeader` throws, `unsupportedModel` and `partialCheckpoint`. */
export function openCheckpoint(path: string): Checkpoint {
  return checkpointIn(readHeader(path));
}

/** As above, of a file whose header has been read. */
export function checkpointIn(file: WeightsFile): Checkpoint {
  const layout = layoutOf(file);
  const networks = new Map(
    partsOf[layout].map((part) => [part.component, networkOf(file, part)] as const),
  );
  return {
    path: file.path,
    layout,
    networks,
    saysVPrediction: file.tensors.has("v_pred"),
  };
}

/** A network's place in the file, and the rules of its keys. */
interface Part {
  readonly component: Component;
  readonly what: string;
  readonly prefix: string;
  /** null: the keys are transformers' already. */
  readonly rules: ((keys: ReadonlySet<string>) => readonly KeyRule[]) | null;
}

const unet: Part = {
  component: "unet",
  what: "a UNet",
  prefix: "model.diffusion_model.",
  rules: unetKeyRules,
};

const vae: Part = {
  component: "vae",
  what: "a VAE",
  prefix: "first_stage_model.",
  rules: vaeKeyRules,
};

function text(component: "text_encoder" | "text_encoder_2", prefix: string): Part {
  const rules = prefix.endsWith(".model.") ? openClipKeyRules : null;
  return { component, what: "a text encoder", prefix, rules };
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
};

const supported =
  "a whole checkpoint of Stable Diffusion 1.x, 2.x or SDXL in its original layout, or a folder in diffusers format";

/** What other files hold, by the beginning of a key that only they have. */
const strangers = [
  ["model.diffusion_model.joint_blocks.", "Stable Diffusion 3 in a single file"],
  ["conditioner.embedders.0.model.", "SDXL's refiner"],
  ["control_model.", "a ControlNet"],
  ["lora_", "a LoRA"],
  ["model.diffusion_model.", "a UNet without its text encoder"],
] as const;

function layoutOf({ path, tensors }: WeightsFile): CheckpointLayout {
  const keys = [...tensors.keys()];
  const holds = (prefix: string): boolean => keys.some((key) => key.startsWith(prefix));
  const layout = (["sdxl", "sd2", "sd1"] as const).find((name) =>
    partsOf[name]
      .filter(({ component }) => component.startsWith("text_encoder"))
      .every(({ prefix }) => holds(prefix)),
  );
  if (layout !== undefined) return layout;
  const stranger = strangers.find(([prefix]) => holds(prefix));
  throw unsupportedModel(path, stranger?.[1] ?? `tensors such as ${keys[0] ?? "none"}`, supported);
}

function networkOf({ path, tensors }: WeightsFile, { what, prefix, rules }: Part): Weights {
  const own = [...tensors.keys()].filter((key) => key.startsWith(prefix));
  const keys = new Set(own.map((key) => key.slice(prefix.length)));
  const identity = [...keys].map((key): KeyRule => [key, key]);
  const renamed = renameKeys(tensors, prefix, rules?.(keys) ?? identity).flatMap(takeApart);
  if (renamed.length === 0) throw partialCheckpoint(path, what, `no tensor below ${prefix}`);
  return {
    source: path,
    tensors: new Map(renamed.map(({ key, stored }) => [key, stored])),
    originals: new Map(renamed.map(({ key, original }) => [key, original])),
  };
}

const joined = /^(.*\.self_attn)\.in_proj_(weight|bias)$/;
const pointwise = /\.attentions\.0\.to_(q|k|v|out\.0)\.weight$/;

/** One tensor as the layers of the graph ask for it. */
function takeApart(tensor: RenamedTensor): readonly RenamedTensor[] {
  const { key, stored } = tensor;
  const [, path, kind] = joined.exec(key) ?? [];
  if (path !== undefined)
    return ["q_proj", "k_proj", "v_proj"].map((name, part) => ({
      ...tensor,
      key: `${path}.${name}.${kind}`,
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
