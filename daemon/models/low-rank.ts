// What LoRAs add to a layer, as nodes beside it: y = W·x + Σ weight · (alpha / rank) · up(down(x)). The layer's own weights
// stay as they are, and each LoRA's weight is an input of the graph, so that it changes from call to call.
// Source: Hu et al., LoRA, ICLR 2022 (arXiv:2106.09685), §4.1.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { concat, mul } from "../graph/operators.ts";
import type { NamedTensor } from "../weights/stored-tensor.ts";
import type { ScopedLora, WeightScope } from "../weights/weight-scope.ts";
import { elementType } from "./element-type.ts";

/** The layer's two halves: x → few channels, and those → what is added to `sum`. */
export interface LowRank {
  readonly down: (weight: Value) => Value;
  readonly up: (low: Value, weight: Value, sum: Value) => Value;
}

/** `plain` is what the layer gives without LoRAs; it comes back as it is where there are none. */
export function withLoras(
  { g, weights }: { readonly g: GraphBuilder; readonly weights: WeightScope },
  plain: Value,
  { down, up }: LowRank,
): Value {
  return weights.loras().reduce((sum, lora) => {
    const low = down(loraWeight(g, lora, lora.down));
    // Scaled where the channels are few, and in this order: a weight of 0 adds exactly 0.
    const scaled = mul(g, low, strength(g, lora));
    const pieces = lora.up.map((piece) => loraWeight(g, lora, piece));
    const [whole, ...more] = pieces;
    const matrix = more.length === 0 ? (whole as Value) : concat(g, pieces, 0);
    return up(scaled, matrix, sum);
  }, plain);
}

/** Name of the graph's input for a LoRA's weight, a scalar. */
export function loraInput(index: number): string {
  return `lora_weight_${index}`;
}

/** weight · alpha / rank, computed in float32: a scalar. */
function strength(g: GraphBuilder, { index, scale }: ScopedLora): Value {
  const weight = g.sharedInput(loraInput(index), "float32", []);
  return g.inPrecision(mul(g, weight, g.floats32([scale], [])));
}

/** Two files may have the same keys. */
function loraWeight(g: GraphBuilder, { index }: ScopedLora, stored: NamedTensor): Value {
  const name = `lora.${index}.${stored.name}`;
  return g.weight({ ...stored, name, type: elementType(stored.dtype) });
}
