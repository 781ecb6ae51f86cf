// One function an ONNX operator, named like it, attributes as one object with the spec's defaults.
// Sources: onnx/docs/Operators.md (opset 20) and ONNX Runtime's docs/ContribOperators.md.
import type { GraphBuilder, Value } from "./graph-builder.ts";
import { type Attribute, type ElementType, elementTypeNumber, type GraphData } from "./onnx.ts";

const int = (value: number): Attribute => ({ kind: "int", value });
const ints = (value: readonly number[]): Attribute => ({ kind: "ints", value });
const float = (value: number): Attribute => ({ kind: "float", value });
const string = (value: string): Attribute => ({ kind: "string", value });
const graph = (value: GraphData): Attribute => ({ kind: "graph", value });

export const add = (g: GraphBuilder, a: Value, b: Value): Value => g.node("Add", [a, b]);
export const sub = (g: GraphBuilder, a: Value, b: Value): Value => g.node("Sub", [a, b]);
export const mul = (g: GraphBuilder, a: Value, b: Value): Value => g.node("Mul", [a, b]);
/** Integers are divided towards zero. */
export const div = (g: GraphBuilder, a: Value, b: Value): Value => g.node("Div", [a, b]);
export const pow = (g: GraphBuilder, a: Value, b: Value): Value => g.node("Pow", [a, b]);
export const sqrt = (g: GraphBuilder, x: Value): Value => g.node("Sqrt", [x]);
export const sin = (g: GraphBuilder, x: Value): Value => g.node("Sin", [x]);
export const cos = (g: GraphBuilder, x: Value): Value => g.node("Cos", [x]);

/** Halves go to the even number. */
export const round = (g: GraphBuilder, x: Value): Value => g.node("Round", [x]);
/** 0, 1, … up to, not including, a scalar of int64. */
export const range = (g: GraphBuilder, count: Value): Value =>
  g.node("Range", [g.integers([0], []), count, g.integers([1], [])]);

/** The same values in another type; integers from floats that are whole. */
export function cast(g: GraphBuilder, x: Value, to: ElementType): Value {
  return g.node("Cast", [x], { to: int(elementTypeNumber(to)) });
}

/** `none` is exact (erf), torch's default. */
export function gelu(
  g: GraphBuilder,
  x: Value,
  { approximate = "none" as "none" | "tanh" } = {},
): Value {
  return g.node("Gelu", [x], { approximate: string(approximate) });
}

/** x · sigmoid(alpha · x): SiLU with alpha 1, CLIP's quick_gelu with 1.702. One node of com.microsoft. */
export function quickGelu(g: GraphBuilder, x: Value, { alpha = 1.702 } = {}): Value {
  return g.node("QuickGelu", [x], { alpha: float(alpha) }, "com.microsoft");
}

/** `pads` are [top, left, bottom, right]; without `dilations` they are 1, as the spec has it. */
export function conv(
  g: GraphBuilder,
  inputs: { readonly x: Value; readonly weight: Value; readonly bias?: Value },
  { pads = [0, 0, 0, 0], strides = [1, 1], dilations }: ConvPlace = {},
): Value {
  return g.node("Conv", [inputs.x, inputs.weight, inputs.bias], {
    pads: ints(pads),
    strides: ints(strides),
    ...(dilations === undefined ? {} : { dilations: ints(dilations) }),
  });
}

interface ConvPlace {
  readonly pads?: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
}

export const matMul = (g: GraphBuilder, a: Value, b: Value): Value => g.node("MatMul", [a, b]);

/** a · bᵀ + c for matrices: torch's Linear, whose weight is [out, in]. */
export function gemm(g: GraphBuilder, a: Value, b: Value, c?: Value): Value {
  return g.node("Gemm", [a, b, c], { transB: int(1) });
}

/** A 0 keeps that dimension, a -1 is what is left over. */
export function reshape(g: GraphBuilder, x: Value, shape: readonly number[] | Value): Value {
  return g.node("Reshape", [x, isValue(shape) ? shape : g.integers(shape)]);
}

export function transpose(g: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  return g.node("Transpose", [x], { perm: ints(permutation) });
}

export function concat(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  return g.node("Concat", values, { axis: int(axis) });
}

/** Two equal halves along an axis. */
export function halves(g: GraphBuilder, x: Value, axis: number): readonly [Value, Value] {
  return pair(split(g, x, { axis, parts: 2 }));
}

/** Two parts along an axis, `sizes` [2] long. */
export function splitAt(
  g: GraphBuilder,
  x: Value,
  { axis, sizes }: { readonly axis: number; readonly sizes: Value },
): readonly [Value, Value] {
  const attributes = { axis: int(axis) };
  return pair(g.nodes("Split", [x, sizes], { attributes, domain: "", outputs: 2 }));
}

/** Equal parts along an axis. */
export function split(
  g: GraphBuilder,
  x: Value,
  { axis, parts }: { readonly axis: number; readonly parts: number },
): readonly Value[] {
  const attributes = { axis: int(axis), num_outputs: int(parts) };
  return g.nodes("Split", [x], { attributes, domain: "", outputs: parts });
}

function pair([first, second]: readonly Value[]): readonly [Value, Value] {
  if (first === undefined || second === undefined) throw new Error("graph: Split must have two");
  return [first, second];
}

/** From `starts` up to, not including, `ends`, along the first axes. */
export function slice(
  g: GraphBuilder,
  x: Value,
  { starts, ends }: { readonly starts: Value; readonly ends: Value },
): Value {
  return g.node("Slice", [x, starts, ends]);
}

/** Sizes of dimensions `start` up to, not including, `end`. */
export function shape(g: GraphBuilder, x: Value, { start = 0, end = -1 } = {}): Value {
  return g.node("Shape", [x], { start: int(start), ...(end < 0 ? {} : { end: int(end) }) });
}

/** `repeats` says for each axis how often. */
export const tile = (g: GraphBuilder, x: Value, repeats: Value): Value =>
  g.node("Tile", [x, repeats]);

export function gather(g: GraphBuilder, data: Value, indices: Value): Value {
  return g.node("Gather", [data, indices], { axis: int(0) });
}

/** One row of each item: data [n, s, c], indices [n, 1, 1] → [n, 1, c]. */
export function gatherRow(g: GraphBuilder, data: Value, indices: Value): Value {
  return g.node("GatherND", [data, indices], { batch_dims: int(1) });
}

/** Place of the first largest value along an axis, as int64; the axis stays, with length 1. */
export function argMax(g: GraphBuilder, x: Value, axis: number): Value {
  return g.node("ArgMax", [x], { axis: int(axis) });
}

/** int32 1 where both are the same, else 0. */
export function equal(g: GraphBuilder, a: Value, b: Value): Value {
  return g.node("Cast", [g.node("Equal", [a, b])], { to: int(elementTypeNumber("int32")) });
}

export function softmax(g: GraphBuilder, x: Value, axis = -1): Value {
  return g.node("Softmax", [x], { axis: int(axis) });
}

/** Mean over one axis, which goes away, or stays with length 1. */
export function reduceMean(
  g: GraphBuilder,
  x: Value,
  axis: number,
  { keepdims = 0 as 0 | 1 } = {},
): Value {
  return g.node("ReduceMean", [x, g.integers([axis])], { keepdims: int(keepdims) });
}

/** Over the last axis. The bias is optional, but ONNX Runtime 1.30 crashes where it rewrites a norm without one. */
export function layerNormalization(
  g: GraphBuilder,
  inputs: { readonly x: Value; readonly scale: Value; readonly bias: Value },
  { epsilon = 1e-5 } = {},
): Value {
  return g.node("LayerNormalization", [inputs.x, inputs.scale, inputs.bias], {
    axis: int(-1),
    epsilon: float(epsilon),
  });
}

/** Each channel of [n, c, ...] to zero mean and unit variance, then scale and bias. */
export function instanceNormalization(
  g: GraphBuilder,
  inputs: { readonly x: Value; readonly scale: Value; readonly bias: Value },
  { epsilon = 1e-5 } = {},
): Value {
  return g.node("InstanceNormalization", [inputs.x, inputs.scale, inputs.bias], {
    epsilon: float(epsilon),
  });
}

/** Nearest neighbour, source index = floor(target index · source size / target size), as torch does. */
export function resizeNearest(
  g: GraphBuilder,
  x: Value,
  to: { readonly scales: readonly number[] } | { readonly sizes: Value },
): Value {
  const attributes = {
    mode: string("nearest"),
    coordinate_transformation_mode: string("asymmetric"),
    nearest_mode: string("floor"),
  };
  return "scales" in to
    ? g.node("Resize", [x, undefined, g.floats32(to.scales)], attributes)
    : g.node("Resize", [x, undefined, undefined, to.sizes], attributes);
}

/** Bilinear over the last two axes to `sizes` [4], cells by their centres: torch's align_corners false, no antialias. */
export function resizeLinear(g: GraphBuilder, x: Value, sizes: Value): Value {
  const attributes = {
    mode: string("linear"),
    coordinate_transformation_mode: string("half_pixel"),
  };
  return g.node("Resize", [x, undefined, undefined, sizes], attributes);
}

/** Queries [b, s, c], keys and values [b, t, c]: one flash kernel on CPU. Scale is 1/√(c/heads). */
export function multiHeadAttention(
  g: GraphBuilder,
  inputs: { readonly query: Value; readonly key: Value; readonly value: Value },
  { heads = 1 } = {},
): Value {
  return g.node(
    "MultiHeadAttention",
    [inputs.query, inputs.key, inputs.value],
    { num_heads: int(heads) },
    "com.microsoft",
  );
}

/** `If` on a bool scalar; both branches see the values around them. */
export function branch(
  g: GraphBuilder,
  condition: Value,
  branches: {
    readonly whenTrue: (inner: GraphBuilder) => Value;
    readonly whenFalse: (inner: GraphBuilder) => Value;
  },
): Value {
  return g.node("If", [condition], {
    then_branch: graph(g.subgraph("then", branches.whenTrue)),
    else_branch: graph(g.subgraph("otherwise", branches.whenFalse)),
  });
}

/** The body's results for the places along axis 1 of x, one after the other, side by side along axis 1 again. */
export function scan(
  g: GraphBuilder,
  x: Value,
  body: (inner: GraphBuilder, item: Value) => Value,
): Value {
  return g.node("Scan", [x], {
    body: graph(g.body("each", body)),
    num_scan_inputs: int(1),
    scan_input_axes: ints([1]),
    scan_output_axes: ints([1]),
  });
}

/** An integer as bool: whether it is not 0. */
export function isNotZero(g: GraphBuilder, x: Value): Value {
  return g.node("Cast", [x], { to: int(elementTypeNumber("bool")) });
}

function isValue(shape: readonly number[] | Value): shape is Value {
  return "name" in shape;
}
