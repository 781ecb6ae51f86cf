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
  const path = chooseFile(folder, component, prefer);
  if (isIndex(path)) return { source: path, tensors: readShards(path) };
  const file = readHeader(path);
  return { source: file.path, tensors: file.tensors };
}

/**
 * The files that `findWeights` would read, the index among them, by their names in the folder. Reads no header. Throws
 * `incompleteModel`, `pickleRefused` and `badConfig`.
 */
export function findWeightFiles(
  folder: string,
  component: Component,
  prefer: Precision,
): readonly string[] {
  const path = chooseFile(folder, component, prefer);
  return isIndex(path) ? [path, ...new Set(readWeightMap(path).values())] : [path];
}

const isIndex = (path: string): boolean => path.endsWith(".json");

function chooseFile(folder: string, component: Component, prefer: Precision): string {
  const names = listNames(join(folder, component));
  const name = candidates(prefer).find((candidate) => names.includes(candidate));
  if (name === undefined) throw nothingFound(folder, component, names);
  return join(folder, component, name);
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

function readShards(indexPath: string): ReadonlyMap<string, StoredTensor> {
  const weightMap = readWeightMap(indexPath);
  const shards = new Map(
    [...new Set(weightMap.values())].map((shard) => [shard, readHeader(shard)]),
  );
  const tensors = new Map<string, StoredTensor>();
  for (const [key, shard] of weightMap) {
    const tensor = shards.get(shard)?.tensors.get(key);
    if (!tensor) throw badTensor(shard, key, "must be there as the index says", "no such tensor");
    tensors.set(key, tensor);
  }
  return tensors;
}

/** Key → path of its shard. A shard lies beside the index, so a name with a folder in it is refused. */
function readWeightMap(indexPath: string): ReadonlyMap<string, string> {
  const entries = Object.entries(parseIndex(indexPath));
  for (const [key, shard] of entries)
    if (typeof shard !== "string" || !/^[^/\\\0]+\.safetensors$/.test(shard))
      throw badConfig(
        indexPath,
        `"weight_map.${key}" must name a .safetensors file beside the index`,
        JSON.stringify(shard),
      );
  const folder = dirname(indexPath);
  return new Map(entries.map(([key, shard]): [string, string] => [key, join(folder, shard)]));
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
