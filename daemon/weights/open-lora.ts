// A LoRA file, and the layers of a model that it changes: places in the file, none of them read but the small alphas.
// A file fits as a whole or is refused: a LoRA that is used by half gives pictures that nobody meant.
import { existsSync, statSync } from "node:fs";
import { badLora, noSuchLora } from "../base/failure.ts";
import type { Component } from "./find-weights.ts";
import { type LoraKey, type LoraPart, readLoraKey } from "./lora-keys.ts";
import type { LoraLayer, LoraLayers } from "./lora-layer.ts";
import { type LoraTarget, loraNames, type Networks } from "./lora-names.ts";
import { type LoraScale, loraScales } from "./lora-scales.ts";
import { readHeader, type WeightsFile } from "./read-header.ts";
import type { NamedTensor, StoredTensor } from "./stored-tensor.ts";

export interface Lora {
  /** Absolute, with every symlink resolved. */
  readonly file: string;
  readonly bytes: number;
  /** When it was last written, in milliseconds. */
  readonly modifiedMs: number;
  readonly networks: ReadonlyMap<Component, LoraLayers>;
}

/** Reads the header and the alphas. Throws what `readHeader` throws, `noSuchLora` and `badLora`. */
export function openLora(path: string, networks: Networks): Lora {
  if (!existsSync(path)) throw noSuchLora(path);
  if (statSync(path).isDirectory())
    throw badLora(
      path,
      "must be a file",
      "a folder",
      "write the path of a .safetensors file in it",
    );
  const file = readHeader(path);
  const modules = groupModules(file);
  const find = loraNames(networks);
  const matched = modules.map((module) => matchModule(module, find(module.name)));
  refuseStrangers(file, matched);
  const scaleOf = loraScales(
    file,
    modules.flatMap(({ alpha }) => (alpha === undefined ? [] : [alpha])),
  );
  const { size, mtimeMs } = statSync(file.path);
  return {
    file: file.path,
    bytes: size,
    modifiedMs: mtimeMs,
    networks: toNetworks(
      matched.flatMap((one) => one.fit),
      scaleOf,
    ),
  };
}

/** The tensors of one layer, as the file calls it. */
interface Module extends Partial<Record<LoraPart, NamedTensor>> {
  readonly name: string;
  /** All tensors of it, those of no known part too. */
  readonly tensors: readonly { readonly tensor: NamedTensor; readonly key: LoraKey }[];
}

function groupModules({ tensors }: WeightsFile): readonly Module[] {
  const modules = new Map<string, Module>();
  for (const [name, stored] of tensors) {
    const key = readLoraKey(name);
    const tensor = { ...stored, name };
    // What belongs to no layer stands by itself.
    const layer = key.kind === "part" ? key.layer : name;
    const known = modules.get(layer) ?? { name: layer, tensors: [] };
    modules.set(layer, {
      ...known,
      ...(key.kind === "part" ? { [key.part]: tensor } : {}),
      tensors: [...known.tensors, { tensor, key }],
    });
  }
  return [...modules.values()];
}

/** Where a module's matrices go, or the first thing that is wrong with it. */
interface Matched {
  readonly module: Module;
  readonly fit: readonly Fit[];
  readonly misfit: Misfit | null;
}

interface Fit {
  readonly target: LoraTarget;
  readonly alpha: NamedTensor | undefined;
  readonly down: NamedTensor;
  readonly up: readonly NamedTensor[];
}

interface Misfit {
  readonly tensor: string;
  readonly rule: string;
  readonly got: string;
  readonly todo: string;
}

function matchModule(module: Module, targets: readonly LoraTarget[]): Matched {
  const misfit = strangeTensor(module) ?? misfitOf(module, targets);
  if (misfit !== null) return { module, fit: [], misfit };
  const { down, up, alpha } = module as Module & Record<"down" | "up", NamedTensor>;
  const rank = rankOf(down);
  const fit = targets.map((target) => {
    const [out = 0, ...rest] = target.shape;
    const kernel = rest.slice(1).map(() => 1);
    return {
      target,
      alpha,
      down: { ...down, shape: [rank, ...rest] },
      up: target.rows.map((rows) => cut(up, rows, [out / target.rows.length, rank, ...kernel])),
    };
  });
  return { module, fit, misfit: null };
}

const others = "use a LoRA that was made for this model's family";

/** A tensor that belongs to another method, or to nothing that is known. */
function strangeTensor({ tensors }: Module): Misfit | null {
  for (const { tensor, key } of tensors) {
    if (key.kind === "other method")
      return {
        tensor: tensor.name,
        rule: "must be of a plain LoRA, of two matrices a layer",
        got: `a tensor of ${key.method}, which is not supported`,
        todo: "use a LoRA without it",
      };
    if (key.kind === "unknown")
      return {
        tensor: tensor.name,
        rule: "must belong to a LoRA (lora_down and lora_up, or lora_A and lora_B, of a layer)",
        got: "a key of another kind",
        todo: "check that the file is a LoRA",
      };
    if (!["F32", "F16", "BF16"].includes(tensor.dtype) && key.part !== "alpha")
      return {
        tensor: tensor.name,
        rule: "must be F32, F16 or BF16",
        got: tensor.dtype,
        todo: "use a copy of another precision",
      };
  }
  return null;
}

function misfitOf(module: Module, targets: readonly LoraTarget[]): Misfit | null {
  const { down, up, tensors } = module;
  const first = tensors[0]?.tensor.name ?? module.name;
  const [target] = targets;
  if (target === undefined)
    return {
      tensor: first,
      rule: "must belong to a layer of this model",
      got: `a layer called ${module.name}`,
      todo: others,
    };
  if (down === undefined || up === undefined)
    return {
      tensor: first,
      rule: `must come with both matrices of its layer, ${target.path}`,
      got: `none of the ${down === undefined ? "lora_down" : "lora_up"} kind`,
      todo: "download the file again",
    };
  const rank = rankOf(down);
  const [out = 0, ...rest] = target.shape;
  const rows = (out * (target.rows[0]?.of ?? 1)) / target.rows.length;
  return misshapen(down, [rank, ...rest], target) ?? misshapen(up, [rows, rank], target) ?? null;
}

function misshapen(
  { name, shape }: NamedTensor,
  wanted: readonly number[],
  { path }: LoraTarget,
): Misfit | null {
  if (String(bare(shape)) === String(bare(wanted)) && (wanted[0] ?? 0) > 0) return null;
  return {
    tensor: name,
    rule: `must have shape [${wanted.join(", ")}], as ${path} of this model needs it`,
    got: `[${shape.join(", ")}]`,
    todo: others,
  };
}

const rankOf = ({ shape }: StoredTensor): number => shape[0] ?? 0;

/** Matrices and convolutions of 1 × 1 are stored as either. */
function bare(shape: readonly number[]): readonly number[] {
  const [rows = 0, columns = 0, ...kernel] = shape;
  return kernel.every((side) => side === 1) ? [rows, columns] : shape;
}

/** One of equal parts of the rows, which lie one after the other. */
function cut(
  stored: NamedTensor,
  { part, of }: { readonly part: number; readonly of: number },
  shape: readonly number[],
): NamedTensor {
  const length = stored.length / of;
  const name = of === 1 ? stored.name : `${stored.name}[${part}/${of}]`;
  return { ...stored, name, shape, offset: stored.offset + part * length, length };
}

function refuseStrangers({ path, tensors }: WeightsFile, matched: readonly Matched[]): void {
  if (tensors.size === 0)
    throw badLora(path, "must hold matrices of a LoRA", "no tensor", "choose another file");
  const misfit = matched.find((one) => one.misfit !== null)?.misfit;
  if (misfit === undefined || misfit === null) return;
  const fitting = matched
    .filter((one) => one.misfit === null)
    .reduce((sum, { module }) => sum + module.tensors.length, 0);
  const { tensor, rule, got, todo } = misfit;
  const share = `(${fitting} of the file's ${tensors.size} tensors fit this model)`;
  throw badLora(path, `tensor ${tensor} ${rule}`, `${got} ${share}`, todo);
}

function toNetworks(
  fits: readonly Fit[],
  scaleOf: (of: LoraScale) => number,
): ReadonlyMap<Component, LoraLayers> {
  const networks = new Map<Component, Map<string, LoraLayer>>();
  for (const { target, alpha, down, up } of fits) {
    const { component, path } = target;
    const layers = networks.get(component) ?? new Map<string, LoraLayer>();
    const scale = scaleOf({ alpha, rank: rankOf(down), component, path });
    networks.set(component, layers.set(path, { down, up, scale }));
  }
  return networks;
}
