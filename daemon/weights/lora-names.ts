// What LoRA files call the layers of a model's networks: diffusers' names or those of the original layout, with the
// prefix of the tool that wrote the file. The layers themselves are those of the model's own weights.
import type { Component } from "./find-weights.ts";
import { flat } from "./lora-keys.ts";
import {
  allRows,
  mmditOriginalNames,
  type OriginalName,
  swappedHalves,
} from "./mmdit-original-names.ts";
import { unetOriginalNames } from "./unet-original-names.ts";
import type { Weights } from "./weight-scope.ts";

/** The weights of a model's networks. */
export type Networks = ReadonlyMap<Component, Weights>;

/** A layer that a LoRA may change. */
export interface LoraTarget {
  readonly component: Component;
  /** Its path in the network's weights. */
  readonly path: string;
  /** Of its weight: [out, in] or [out, in, kernel, kernel]. */
  readonly shape: readonly number[];
  readonly rows: OriginalName["rows"];
}

/** The layers that a file's name means: several where the original layout has one layer for them; none for a stranger. */
export type FindTargets = (name: string) => readonly LoraTarget[];

/** For names with "_" in place of ".". */
export function loraNames(networks: Networks): FindTargets {
  const tables = new Map(
    [...networks].map(([component, weights]) => [component, namesIn(component, weights)] as const),
  );
  return (name) => {
    for (const [prefix, components] of prefixes) {
      if (!name.startsWith(prefix)) continue;
      const rest = withoutModel(name.slice(prefix.length).replace("_processor_", "_"));
      const found = components.flatMap((component) => tables.get(component)?.get(rest) ?? []);
      if (found.length > 0) return found;
    }
    return [];
  };
}

const denoisers: readonly Component[] = ["unet", "transformer"];

/** Longer ones before those that they begin with. */
const prefixes: readonly (readonly [string, readonly Component[]])[] = [
  ["lora_unet_", denoisers],
  ["lora_transformer_", denoisers],
  ["lora_te1_", ["text_encoder"]],
  ["lora_te2_", ["text_encoder_2"]],
  ["lora_te_", ["text_encoder"]],
  ["text_encoder_2_", ["text_encoder_2"]],
  ["text_encoder_", ["text_encoder"]],
  ["unet_", denoisers],
  ["transformer_", denoisers],
  ["base_model_model_", denoisers],
  ["model_diffusion_model_", denoisers],
  ["diffusion_model_", denoisers],
  ["", denoisers],
];

function namesIn(component: Component, weights: Weights): ReadonlyMap<string, LoraTarget[]> {
  const names = new Map<string, LoraTarget[]>();
  const put = (name: string, target: LoraTarget): void => {
    const known = names.get(name);
    if (known === undefined) names.set(name, [target]);
    else known.push(target);
  };
  const layers = layersOf(weights);
  const original = originalNames(component, new Set(layers.keys()));
  for (const [path, shape] of layers) {
    // Of a model in its original layout, two norms keep its order.
    const diffusers = path.replace(/\.shift_first$/, ".linear");
    const keepsOrder = diffusers !== path;
    const target = { component, path, shape };
    const own = { ...target, rows: keepsOrder ? swappedHalves : allRows };
    const name = withoutModel(flat(diffusers));
    put(name, own);
    // The oldest layout has no number there.
    if (name.endsWith("_to_out_0")) put(name.slice(0, -2), own);
    const other = original(diffusers);
    if (other !== undefined && flat(other.name) !== name)
      put(flat(other.name), { ...target, rows: keepsOrder ? allRows : other.rows });
  }
  return names;
}

/** Linear layers and convolutions. Tables of words and places are none. */
function layersOf({ tensors }: Weights): ReadonlyMap<string, readonly number[]> {
  const ending = ".weight";
  const layers = [...tensors].flatMap(([key, { shape }]) =>
    key.endsWith(ending) && [2, 4].includes(shape.length) && !/_embedding\.weight$/.test(key)
      ? [[key.slice(0, -ending.length), shape] as const]
      : [],
  );
  return new Map(layers);
}

function originalNames(
  component: Component,
  paths: ReadonlySet<string>,
): (path: string) => OriginalName | undefined {
  switch (component) {
    case "unet":
      return unetOriginalNames(paths);
    case "transformer":
      return mmditOriginalNames(paths);
    default:
      return () => undefined;
  }
}

/** Some versions of transformers write this before each key of a text encoder, some don't. */
function withoutModel(name: string): string {
  return name.replace(/^text_model_/, "");
}
