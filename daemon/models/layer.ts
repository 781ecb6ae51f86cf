// The layers that every network is made of, each named by its path in the checkpoint.
// A layer asks for its weights with the shape it expects; a wrong file fails here, before any runtime.

import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import type { ElementType } from "../graph/onnx.ts";
import {
  add,
  concat,
  conv,
  div,
  gather,
  gemm,
  instanceNormalization,
  layerNormalization,
  mul,
  pow,
  quickGelu,
  reduceMean,
  reshape,
  shape,
  slice,
  sqrt,
  tile,
} from "../graph/operators.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import type { Application, ChangedApplications } from "./change-convolution.ts";
import { elementType } from "./element-type.ts";
import { withLoras } from "./low-rank.ts";

/** A place in the network: the graph under construction and the checkpoint's keys below this path. */
export interface Layer {
  readonly g: GraphBuilder;
  readonly weights: WeightScope;
  /** Convolutions that are applied in another way, by their paths from the network's root; absent: none. */
  readonly changes?: ChangedApplications;
}

/** Builds what stands at `path`, e.g. "down_blocks.0.resnets.1". */
export function at<T>(layer: Layer, path: string, build: (inner: Layer) => T): T {
  return layer.g.scoped(path, () => build({ ...layer, weights: layer.weights.at(path) }));
}

/** The weight `name` of this layer; throws a Failure where it is absent or has another shape. */
export function weight({ g, weights }: Layer, name: string, expected: readonly number[]): Value {
  const stored = weights.tensor(name, expected);
  return g.weight({ ...stored, type: elementType(stored.dtype) });
}

/** The weight `name` in float32, whatever the target's precision: for products that overflow in less. */
export function exactWeight(layer: Layer, name: string, expected: readonly number[]): Value {
  const { value, type } = storedWeight(layer, name, expected);
  return layer.g.inFloat32(value, type);
}

/** Rows of the table `name` [rows, width] by their numbers, in float32. */
export function exactRows(
  layer: Layer,
  name: string,
  expected: readonly [number, number],
  ids: Value,
): Value {
  const { value, type } = storedWeight(layer, name, expected);
  // Looked up first: converting all of a large vocabulary would take half a gigabyte.
  return layer.g.inFloat32(gather(layer.g, value, ids), type);
}

function storedWeight(
  { g, weights }: Layer,
  name: string,
  expected: readonly number[],
): { readonly value: Value; readonly type: ElementType } {
  const stored = weights.tensor(name, expected);
  const type = elementType(stored.dtype);
  return { value: g.storedWeight({ ...stored, type }), type };
}

/** Of the table `name` [rows, columns, width], the rows and columns that `place` says, in the target's precision. */
export function tableSlice(
  layer: Layer,
  name: string,
  table: {
    readonly shape: readonly [number, number, number];
    readonly place: { readonly starts: Value; readonly ends: Value };
  },
): Value {
  const { g } = layer;
  const [rows, columns, width] = table.shape;
  const { value, type } = storedWeight(layer, name, [1, rows * columns, width]);
  // Cut out first: converting all of a large model's table would take a gigabyte.
  const whole = reshape(g, value, table.shape);
  return g.inPrecision(slice(g, whole, table.place), type);
}

/** torch Linear over the last axis: [n, s, in] → [n, s, out]. */
export function linear(
  layer: Layer,
  path: string,
  x: Value,
  width: { readonly in: number; readonly out: number; readonly bias?: false },
): Value {
  return at(layer, path, (inner) => {
    const w = weight(inner, "weight", [width.out, width.in]);
    const b = width.bias === false ? undefined : weight(inner, "bias", [width.out]);
    const { g } = inner;
    const rows = reshape(g, x, [-1, width.in]); // [n·s, in]
    const y = withLoras(inner, gemm(g, rows, w, b), {
      down: (matrix) => gemm(g, rows, matrix), // [n·s, rank]
      up: (low, matrix, sum) => gemm(g, low, matrix, sum),
    });
    return unflatten(g, y, x, width.out);
  });
}

/** torch Conv2d with a square kernel: [n, in, h, w] → [n, out, h/stride, w/stride]. */
export function conv2d(
  layer: Layer,
  path: string,
  x: Value,
  options: {
    readonly in: number;
    readonly out: number;
    readonly kernel: number;
    readonly stride?: number;
    readonly pads?: number[];
  },
): Value {
  return at(layer, path, (inner) => {
    const { kernel, stride = 1 } = options;
    const { place, ...how } = applicationOf(inner, { ...options, stride });
    const w = how.kernel(weight(inner, "weight", [options.out, options.in, kernel, kernel]));
    const bias = weight(inner, "bias", [options.out]);
    const { g } = inner;
    const given = how.before(x);
    const result = withLoras(inner, conv(g, { x: given, weight: w, bias }, place), {
      // [n, rank, h/stride, w/stride]
      down: (kernels) => conv(g, { x: given, weight: how.kernel(kernels) }, place),
      up: (low, kernels, sum) => add(g, sum, conv(g, { x: low, weight: kernels })),
    });
    return how.after(result, x);
  });
}

/** As it was trained, unless the network changes it. */
function applicationOf(
  { weights, changes }: Layer,
  size: {
    readonly kernel: number;
    readonly stride: number;
    readonly pads?: number[];
  },
): Application {
  const changed = changes?.(weights.path, size);
  if (changed !== undefined) return changed;
  const { kernel, stride, pads = Array<number>(4).fill((kernel - 1) / 2) } = size;
  const same = (value: Value): Value => value;
  return { place: { pads, strides: [stride, stride] }, before: same, kernel: same, after: same };
}

/** torch GroupNorm over [n, c, h, w], as an InstanceNormalization of the groups. */
export function groupNorm(
  layer: Layer,
  path: string,
  x: Value,
  norm: { readonly channels: number; readonly groups: number; readonly epsilon: number },
): Value {
  return at(layer, path, (inner) => {
    const { g } = inner;
    const scale = g.floats(Array<number>(norm.groups).fill(1));
    const bias = g.floats(Array<number>(norm.groups).fill(0));
    const groups = reshape(g, x, [0, norm.groups, -1]); // [n, groups, c/groups·h·w]
    const even = instanceNormalization(g, { x: groups, scale, bias }, { epsilon: norm.epsilon });
    const picture = reshape(g, even, shape(g, x)); // [n, c, h, w]
    const perChannel = (name: string): Value =>
      reshape(g, weight(inner, name, [norm.channels]), [norm.channels, 1, 1]);
    return add(g, mul(g, picture, perChannel("weight")), perChannel("bias"));
  });
}

/** torch LayerNorm over the last axis. */
export function layerNorm(
  layer: Layer,
  path: string,
  x: Value,
  norm: { readonly width: number; readonly epsilon: number },
): Value {
  return at(layer, path, (inner) => {
    const scale = weight(inner, "weight", [norm.width]);
    const bias = weight(inner, "bias", [norm.width]);
    return layerNormalization(inner.g, { x, scale, bias }, { epsilon: norm.epsilon });
  });
}

/** torch LayerNorm over the last axis, without weights of its own. */
export function plainLayerNorm(
  g: GraphBuilder,
  x: Value,
  norm: { readonly width: number; readonly epsilon: number },
): Value {
  const scale = g.floats(Array<number>(norm.width).fill(1));
  const bias = g.floats(Array<number>(norm.width).fill(0));
  return layerNormalization(g, { x, scale, bias }, { epsilon: norm.epsilon });
}

/** diffusers RMSNorm over the last axis: x / √(mean(x²) + ε) · weight; in float32, for squares overflow in less. */
export function rmsNorm(
  layer: Layer,
  path: string,
  x: Value,
  norm: { readonly width: number; readonly epsilon: number },
): Value {
  return at(layer, path, (inner) => {
    const { g } = inner;
    const exact = g.inFloat32(x);
    const square = pow(g, exact, g.floats32([2], []));
    const mean = reduceMean(g, square, -1, { keepdims: 1 });
    const length = sqrt(g, add(g, mean, g.floats32([norm.epsilon], [])));
    const even = g.inPrecision(div(g, exact, length));
    return mul(g, even, weight(inner, "weight", [norm.width]));
  });
}

/** Repeats the batch until it is as long as the text's: all of one side of guidance, then all of the other. */
export function spread(g: GraphBuilder, x: Value, text: Value): Value {
  const times = div(g, shape(g, text, { end: 1 }), shape(g, x, { end: 1 }));
  const rows = tile(g, reshape(g, x, [0, -1]), concat(g, [times, g.integers([1])], 0));
  return reshape(g, rows, concat(g, [shape(g, text, { end: 1 }), shape(g, x, { start: 1 })], 0));
}

/** x · sigmoid(x). */
export const silu = (g: GraphBuilder, x: Value): Value => quickGelu(g, x, { alpha: 1 });

/** Rows [n·s, width] back to [n, s, width], with n and s taken from `like`. */
function unflatten(g: GraphBuilder, rows: Value, like: Value, width: number): Value {
  const outer = shape(g, like, { start: 0, end: 2 });
  return reshape(g, rows, concat(g, [outer, g.integers([width])], 0));
}
