// The LoRA files of a plan → what each adds to each network, and the feeds of their weights.
import { changedLora } from "../base/failure.ts";
import type { LoraFile } from "../config/read-lora.ts";
import type { GraphData } from "../graph/onnx.ts";
import { loraInput } from "../models/low-rank.ts";
import type { Feed } from "../runtime/open-network.ts";
import type { Component } from "../weights/find-weights.ts";
import type { LoraLayers } from "../weights/lora-layer.ts";
import type { Networks } from "../weights/lora-names.ts";
import { openLora } from "../weights/open-lora.ts";

/** What each LoRA adds to a network, in the plan's order. */
export type LorasOf = (component: Component) => readonly (LoraLayers | undefined)[];

/** Throws what `openLora` throws, and `changedLora`. */
export function openLoras(files: readonly LoraFile[], networks: () => Networks): LorasOf {
  if (files.length === 0) return () => [];
  const known = networks();
  const loras = files.map(({ file, bytes, modifiedMs }) => {
    const lora = openLora(file, known);
    if (lora.bytes !== bytes || lora.modifiedMs !== modifiedMs) throw changedLora(file);
    return lora;
  });
  return (component) => loras.map((lora) => lora.networks.get(component));
}

/** Places in the plan's list of the LoRAs that change this network. */
export function lorasIn({ inputs }: Pick<GraphData, "inputs">): readonly number[] {
  const prefix = loraInput(0).slice(0, -1);
  return inputs.flatMap(({ name }) =>
    name.startsWith(prefix) ? [Number(name.slice(prefix.length))] : [],
  );
}

/** The weights of those LoRAs, under the names of the graph's inputs. */
export function loraFeeds(
  indices: readonly number[],
  weights: readonly number[],
): Readonly<Record<string, Feed>> {
  return Object.fromEntries(
    indices.map((index) => [
      loraInput(index),
      { shape: [], data: Float32Array.of(weights[index] ?? 0) },
    ]),
  );
}
