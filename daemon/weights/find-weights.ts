// Finds the safetensors of one network in a folder in diffusers format: one file or an index of shards,
// in full precision or fp16. A choice of files only; the headers are checked by readHeader.
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { badConfig, badTensor, incompleteModel, pickleRefused } from "../base/failure.ts";
import { readModelText } from "../base/read-text.ts";
import { explainRead } from "./explain-read.ts";
import { readHeader } from "./read-header.ts";
import { pickleName } from "./refuse-pickle.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import type { Weights } from "./weight-scope.ts";

/** Folders of networks inside a model's folder. */
export type Component =
  | "unet"
  | "vae"
  | "text_encoder"
  | "text_encoder_2"
  | "text_encoder_3"
  | "transformer";

/** The precision to take where a folder has both; the other one is taken where it has not. */
export type Precision = "fp32" | "fp16";

/**
 * The tensors of folder/component, none of them read. Throws `incompleteModel` (no weights, or a link
 * to nowhere), `pickleRefused` (only pickles there), `badConfig` (index), `badTensor` (index and shard
 * disagree) and what `readHeader` throws.
 */
export function findWeights(folder: string, component: Component, prefer: Precision): Weights {
  const names = listNames(join(folder, component));
  const name = candidates(prefer).find((candidate) => names.includes(candidate));
  if (name === undefined) throw nothingFound(folder, component, names);
  const path = join(folder, component, name);
  if (name.endsWith(".json"))
    return { source: path, tensors: readShards(join(folder, component), path) };
  const file = readHeader(path);
  return { source: file.path, tensors: file.tensors };
}

/** Names only, so a link to nowhere is listed too: that file was meant to be there. */
function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw explainRead(folder, error);
  }
}

function candidates(prefer: Precision): readonly string[] {
  const stems = ["diffusion_pytorch_model", "model"];
  const full = stems.flatMap((stem) => [`${stem}.safetensors`, `${stem}.safetensors.index.json`]);
  // diffusers and transformers have put "fp16" in different places over time.
  const half = stems.flatMap((stem) => [
    `${stem}.fp16.safetensors`,
    `${stem}.safetensors.index.fp16.json`,
    `${stem}.fp16.safetensors.index.json`,
  ]);
  return prefer === "fp16" ? [...half, ...full] : [...full, ...half];
}

function nothingFound(folder: string, component: Component, names: readonly string[]): Error {
  const pickle = names.find((name) => pickleName.test(name));
  if (pickle !== undefined) return pickleRefused(join(folder, component, pickle));
  const stem = component.startsWith("text_encoder") ? "model" : "diffusion_pytorch_model";
  return incompleteModel(folder, `${component}/${stem}.safetensors`);
}

function readShards(folder: string, indexPath: string): ReadonlyMap<string, StoredTensor> {
  const weightMap = readWeightMap(indexPath);
  const shards = new Map(
    [...new Set(weightMap.values())].map((shard) => [shard, readHeader(join(folder, shard))]),
  );
  const tensors = new Map<string, StoredTensor>();
  for (const [key, shard] of weightMap) {
    const tensor = shards.get(shard)?.tensors.get(key);
    if (!tensor)
      throw badTensor(
        join(folder, shard),
        key,
        "must be there as the index says",
        "no such tensor",
      );
    tensors.set(key, tensor);
  }
  return tensors;
}

/** Key → file name of its shard. A shard lies beside the index, so a name with a folder in it is refused. */
function readWeightMap(indexPath: string): ReadonlyMap<string, string> {
  const entries = Object.entries(parseIndex(indexPath));
  for (const [key, shard] of entries)
    if (typeof shard !== "string" || !/^[^/\\\0]+\.safetensors$/.test(shard))
      throw badConfig(
        indexPath,
        `"weight_map.${key}" must name a .safetensors file beside the index`,
        JSON.stringify(shard),
      );
  return new Map(entries as readonly [string, string][]);
}

function parseIndex(indexPath: string): object {
  const text = readModelText(indexPath);
  if (text === undefined) throw incompleteModel(dirname(indexPath), basename(indexPath));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw badConfig(indexPath, "must be JSON", text === "" ? "an empty file" : "something else");
  }
  const map = typeof json === "object" && json !== null && "weight_map" in json && json.weight_map;
  if (typeof map === "object" && map !== null && !Array.isArray(map)) return map;
  throw badConfig(indexPath, '"weight_map" must list a file for each tensor', JSON.stringify(map));
}
