// The method's hooks in a network: cross-attention maps out (only when asked for) and in (method §6).
// One instance for each picture level: its layers share a map, and their own maps are averaged.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { add, branch, matMul, mul, sub } from "../graph/operators.ts";
import { type Attended, type Heads, meanAttentionMap } from "./attention.ts";

/** Names of the network's ports that carry maps; sampler and pipeline speak of levels only. */
export const mapInput = (level: number): string => `map_in_${level}`;
export const mapOutput = (level: number): string => `map_out_${level}`;

/** Ports shared by all levels: whether this call collects (bool), the weight of the reused map. */
export interface MapPorts {
  readonly collect: Value;
  readonly weight: Value;
}

export class MapHooks {
  readonly #g: GraphBuilder;
  readonly #level: number;
  readonly #ports: MapPorts;
  readonly #reused: Value;
  #sum: Value | undefined;
  #count = 0;

  /**
   * Declares input `map_in_{level}` [n, pixels, tokens]. A call that reuses nothing gives weight 0 and a map
   * of zeros [1, 1, tokens], which broadcasts at no cost.
   */
  constructor(g: GraphBuilder, level: number, ports: MapPorts) {
    this.#g = g;
    this.#level = level;
    this.#ports = ports;
    this.#reused = g.floatInput(mapInput(level), [
      `n_${level}`,
      `pixels_${level}`,
      `tokens_${level}`,
    ]);
  }

  /** Adds this layer's map to the level's sum in the calls that collect; costs nothing in the others. */
  collect(attended: Pick<Attended, "query" | "key">, size: Heads): void {
    const before = this.#sum;
    this.#count += 1;
    this.#sum = branch(this.#g, this.#ports.collect, {
      whenTrue: (inner) => {
        const map = meanAttentionMap(inner, attended, size); // [n, pixels, tokens]
        return before === undefined ? map : add(inner, before, map);
      },
      whenFalse: nothing,
    });
  }

  /** (1 − w)·attention + w·map·V, the map shared by all heads: [n, pixels, c]. */
  reuse(attended: Value, value: Value): Value {
    const g = this.#g;
    const { weight } = this.#ports;
    const own = mul(g, attended, sub(g, g.floats([1], []), weight));
    return add(g, own, mul(g, matMul(g, this.#reused, value), weight));
  }

  /** attention + w·map·V: where the text is not all that a layer attends to, the map comes on top. [n, pixels, c] */
  reuseOnTop(attended: Value, value: Value): Value {
    const g = this.#g;
    return add(g, attended, mul(g, matMul(g, this.#reused, value), this.#ports.weight));
  }

  /** Declares output `map_out_{level}`: the mean over the level's layers, or [0, 0, 0] when not collecting. */
  finish(): void {
    const sum = this.#sum;
    if (sum === undefined) return;
    const mean = branch(this.#g, this.#ports.collect, {
      whenTrue: (inner) => mul(inner, sum, inner.floats([1 / this.#count], [])),
      whenFalse: nothing,
    });
    this.#g.floatOutput(mapOutput(this.#level), mean, null);
  }
}

function nothing(inner: GraphBuilder): Value {
  return inner.floats([], [0, 0, 0]);
}
