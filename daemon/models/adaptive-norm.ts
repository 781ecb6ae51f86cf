// Layer norms whose scale and shift come from the timestep and the text's vector (AdaLN), and the gates that go with them.
// Reference: diffusers src/diffusers/models/normalization.py: AdaLayerNormZero, SD35AdaLayerNormZeroX,
// AdaLayerNormContinuous. `embedding` [n, 1, c] has its SiLU behind it.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { add, mul, split } from "../graph/operators.ts";
import { at, type Layer, linear, plainLayerNorm } from "./layer.ts";

/** What a norm is told. */
export interface Adaption {
  readonly embedding: Value;
  readonly channels: number;
}

/** What surrounds one branch of a block: x + gate · branch(norm(x) · (1 + scale) + shift). Each [n, 1, c]. */
export interface Modulation {
  readonly shift: Value;
  readonly scale: Value;
  readonly gate: Value;
}

const epsilon = 1e-6;

/** The modulations of a block's branches, in the checkpoint's order. */
export function modulations(
  layer: Layer,
  path: string,
  { embedding, channels }: Adaption,
  branches: number,
): readonly Modulation[] {
  const values = vectors(
    layer,
    path,
    { embedding, channels },
    { count: 3 * branches, name: "linear" },
  );
  return Array.from({ length: branches }, (_, index) => {
    const [shift, scale, gate] = values.slice(3 * index) as [Value, Value, Value];
    return { shift, scale, gate };
  });
}

/** The norm itself, the same for all branches that start at one place: [n, s, c]. */
export function evened(g: GraphBuilder, x: Value, channels: number): Value {
  return plainLayerNorm(g, x, { width: channels, epsilon });
}

/** x · (1 + scale) + shift. */
export function modulate(
  g: GraphBuilder,
  x: Value,
  { scale, shift }: Pick<Modulation, "scale" | "shift">,
): Value {
  return add(g, mul(g, x, add(g, scale, g.floats([1], []))), shift);
}

/** A norm of no branch: [n, s, c]. diffusers has its scale first, the original its shift, which the key then says. */
export function continuousNorm(layer: Layer, path: string, x: Value, adaption: Adaption): Value {
  const original = "shift_first";
  const isOriginal = layer.weights.has(`${path}.${original}.weight`);
  const [first, second] = vectors(layer, path, adaption, {
    count: 2,
    name: isOriginal ? original : "linear",
  }) as [Value, Value];
  const [scale, shift] = isOriginal ? [second, first] : [first, second];
  return modulate(layer.g, evened(layer.g, x, adaption.channels), { scale, shift });
}

function vectors(
  layer: Layer,
  path: string,
  { embedding, channels }: Adaption,
  { count, name }: { readonly count: number; readonly name: string },
): readonly Value[] {
  return at(layer, path, (inner) => {
    const width = { in: channels, out: count * channels };
    return split(inner.g, linear(inner, name, embedding, width), { axis: 2, parts: count });
  });
}
