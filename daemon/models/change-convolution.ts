// Re-dilation: a convolution whose kernel looks further apart than it was trained to, by any factor, without new weights
// (ScaleCrafter §3.1). By a factor p it is dilated by d = ⌈p⌉ over an input that is resized by d/p, and its result is
// resized back. With dispersion, the kernel is spread over 5 by 5 cells first.
import type { ConvolutionChange } from "../config/unet-variant.ts";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import {
  cast,
  concat,
  div,
  matMul,
  mul,
  reshape,
  resizeLinear,
  round,
  shape,
} from "../graph/operators.ts";
import { dispersion } from "./disperse-kernel.ts";

/** How a convolution is applied: where its kernel looks, and what is done to kernel, input and result. */
export interface Application {
  readonly place: {
    readonly pads: readonly number[];
    readonly strides: readonly number[];
    readonly dilations?: readonly number[];
  };
  /** [n, in, h, w] → what is convolved. */
  before(x: Value): Value;
  /** The kernel [out, in, k, k] that is used in place of the stored one. */
  kernel(stored: Value): Value;
  /** What the convolution gave → [n, out, h/stride, w/stride]. */
  after(result: Value, x: Value): Value;
}

/** Of a kernel of `kernel` by `kernel` cells, padded by zeros to keep the picture's size. */
export function changedApplication(
  g: GraphBuilder,
  { factor, disperses }: ConvolutionChange,
  size: {
    readonly in: number;
    readonly out: number;
    readonly kernel: number;
    readonly stride: number;
  },
): Application {
  const kernel = disperses ? 5 : size.kernel;
  const dilation = Math.ceil(factor);
  const growth = dilation / factor;
  const pad = (dilation * (kernel - 1)) / 2;
  const { stride } = size;
  return {
    place: {
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
      dilations: [dilation, dilation],
    },
    before: (x) => (growth === 1 ? x : resizeTo(g, x, scaledSides(g, x, growth))),
    kernel: (stored) => (disperses ? dispersed(g, stored) : stored),
    after: (result, x) =>
      // At a stride, an odd side would be one cell longer than half of it.
      growth === 1 && stride === 1 ? result : resizeTo(g, result, dividedSides(g, x, stride)),
  };
}

/** round(growth · side), halves to the even number. */
function scaledSides(g: GraphBuilder, x: Value, growth: number): Value {
  const sides = cast(g, shape(g, x, { start: 2 }), "float32");
  return cast(g, round(g, mul(g, sides, g.floats32([growth], []))), "int64");
}

const dividedSides = (g: GraphBuilder, x: Value, stride: number): Value =>
  div(g, shape(g, x, { start: 2 }), g.integers([stride], []));

function resizeTo(g: GraphBuilder, x: Value, sides: Value): Value {
  return resizeLinear(g, x, concat(g, [shape(g, x, { end: 2 }), sides], 0));
}

/** W5 = R · W3 for each pair of channels. */
function dispersed(g: GraphBuilder, stored: Value): Value {
  const matrix = dispersion();
  const turned = (matrix[0] ?? []).flatMap((_, column) =>
    matrix.map((row) => row[column] as number),
  );
  const rows = reshape(g, stored, [-1, 9]); // [out·in, 9]
  const spread = matMul(g, rows, g.floats(turned, [9, 25])); // [out·in, 25]
  const channels = shape(g, stored, { end: 2 });
  return reshape(g, spread, concat(g, [channels, g.integers([5, 5])], 0)); // [out, in, 5, 5]
}
