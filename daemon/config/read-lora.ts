// LoRA files of a run, held against the model that they are for: that they fit, and how large their matrices are. Reads
// headers only, the model's too, and one small number a layer.
import type { Component } from "../weights/find-weights.ts";
import type { LoraLayer } from "../weights/lora-layer.ts";
import type { Networks } from "../weights/lora-names.ts";
import { type Lora, openLora } from "../weights/open-lora.ts";
import { openWeights } from "../weights/open-weights.ts";
import { componentsOf } from "./components-of.ts";
import type { ModelConfig } from "./model-config.ts";

/** Which file it is, so that another one in its place is noticed. */
export interface LoraFile {
  /** Absolute, with every symlink resolved. */
  readonly file: string;
  readonly bytes: number;
  /** When it was last written, in milliseconds. */
  readonly modifiedMs: number;
}

export interface LoraFacts extends LoraFile {
  readonly layers: readonly LoraLayerFacts[];
}

/** A layer of the model with what a LoRA adds to it: `in` → `rank` → `out` channels. */
export interface LoraLayerFacts {
  readonly component: Component;
  /** In the network, e.g. "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q". */
  readonly path: string;
  readonly rank: number;
  readonly in: number;
  readonly out: number;
  /** Side of a convolution's kernel; null for a linear layer. */
  readonly kernel: number | null;
}

/** In the order of `files`, absolute paths. Throws what `openLora` and `openWeights` throw. */
export function readLoras(files: readonly string[], model: ModelConfig): readonly LoraFacts[] {
  if (files.length === 0) return [];
  const networks = loraNetworks(model);
  return files.map((file) => factsOf(openLora(file, networks)));
}

/** The networks that LoRAs change: all but the VAE and T5. */
export function loraNetworks(model: ModelConfig): Networks {
  const components = componentsOf(model).filter((name) => !unchanged.includes(name));
  return new Map(components.map((name) => [name, openWeights(model.folder, name)] as const));
}

const unchanged: readonly Component[] = ["vae", "text_encoder_3"];

function factsOf({ file, bytes, modifiedMs, networks }: Lora): LoraFacts {
  const layers = [...networks].flatMap(([component, all]) =>
    [...all].map(([path, layer]) => ({ component, path, ...sizeOf(layer) })),
  );
  return { file, bytes, modifiedMs, layers };
}

function sizeOf({ down, up }: LoraLayer): Omit<LoraLayerFacts, "component" | "path"> {
  const [rank = 0, width = 0, kernel = null] = down.shape;
  const out = up.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return { rank, in: width, out, kernel };
}
