// Asks for weights by a path that grows as a model is described: scope path = the checkpoint's key.
// Each tensor is asked for with the shape that the network needs, so no other shape passes.
import { badCheckpointTensor, badTensor, unreadableType } from "../base/failure.ts";
import type { LoraLayer, LoraLayers } from "./lora-layer.ts";
import type { NamedTensor, StoredTensor } from "./stored-tensor.ts";

/** The weights of one network. */
export interface Weights {
  /** The file or index they come from, for messages. */
  readonly source: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The file's own keys, where it has others than the networks ask by. */
  readonly originals?: ReadonlyMap<string, string>;
  /** What a recipe writes to do without the network, where it can. */
  readonly without?: string;
}

export interface WeightScope {
  /** Prefix of every key asked for here, "" at the root. */
  readonly path: string;
  /** The scope of a child; "down_blocks.0" goes two levels down. */
  at(child: string): WeightScope;
  /** Throws `badTensor` where it is absent, of another shape, or `unreadableType` where it is not F32, F16 or BF16. */
  tensor(name: string, shape: readonly number[]): NamedTensor;
  /** Whether there is such a tensor; does not count as asking for it. */
  has(name: string): boolean;
  /** What LoRAs add to the layer that stands here, in their order. */
  loras(): readonly ScopedLora[];
}

/** `index` is the LoRA's place in the run's list, from 0. */
export interface ScopedLora extends LoraLayer {
  readonly index: number;
}

export interface RootScope extends WeightScope {
  /** Keys that neither this scope nor any below it was asked for, sorted. */
  unusedKeys(): readonly string[];
}

/** The root scope of a network's weights; `loras` are what each LoRA of the run adds to it, if anything. */
export function scopeOf(
  weights: Weights,
  loras: readonly (LoraLayers | undefined)[] = [],
): RootScope {
  const asked = new Set<string>();
  return {
    ...scopeAt({ weights, asked, loras }, ""),
    unusedKeys: () => [...weights.tensors.keys()].filter((key) => !asked.has(key)).sort(),
  };
}

interface Source {
  readonly weights: Weights;
  readonly asked: Set<string>;
  readonly loras: readonly (LoraLayers | undefined)[];
}

function scopeAt(source: Source, path: string): WeightScope {
  const join = (name: string): string => (path === "" ? name : `${path}.${name}`);
  return {
    path,
    at: (child) => scopeAt(source, join(child)),
    tensor: (name, shape) => ask(source, join(name), shape),
    has: (name) => source.weights.tensors.has(join(name)),
    loras: () =>
      source.loras.flatMap((layers, index) => {
        const layer = layers?.get(path);
        return layer === undefined ? [] : [{ ...layer, index }];
      }),
  };
}

function ask(
  { weights, asked }: Omit<Source, "loras">,
  name: string,
  shape: readonly number[],
): NamedTensor {
  const { originals, without } = weights;
  const stored = weights.tensors.get(name);
  const wanted = showShape(shape);
  const bad = (rule: string, got: string): Error => {
    const file = stored?.file ?? weights.source;
    if (originals === undefined) return badTensor(file, name, rule, got);
    return badCheckpointTensor(file, originals.get(name) ?? name, rule, got);
  };
  if (!stored) throw bad(`must be there with shape ${wanted}`, "no such tensor");
  // Quantized tensors may have another shape, too.
  if (!["F32", "F16", "BF16"].includes(stored.dtype))
    throw unreadableType(stored.file, originals?.get(name) ?? name, stored.dtype, without);
  if (showShape(stored.shape) !== wanted)
    throw bad(`must have shape ${wanted}`, showShape(stored.shape));
  asked.add(name);
  return { ...stored, name };
}

function showShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
