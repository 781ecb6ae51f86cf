// Re-dilation: a convolution whose kernel looks further apart than it was trained to, by any factor, without new weights
// (ScaleCrafter §3.1). By a factor p it is dilated by d = ⌈p⌉ over an input that is resized by d/p, and its result is
// resized back. With dispersion, the kernel is spread over 5 by 5 cells first.
import type { ConvolutionChange, UNetVariant } from "../config/unet-variant.ts";
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

/** Of the convolution at a path: `kernel` cells wide and high, padded by zeros to keep the picture's size. */
export type ChangedApplications = (path: string, size: KernelSize) => Application | undefined;

interface KernelSize {
  readonly kernel: number;
  readonly stride: number;
}

/** Undefined where the convolution is applied as it was trained. */
export function changedApplications(
  g: GraphBuilder,
  convolutions: UNetVariant["convolutions"],
): ChangedApplications {
  let matrix: Value | undefined;
  const disperse = (stored: Value): Value => {
    matrix ??= turnedMatrix(g);
    return dispersed(g, stored, matrix);
  };
  return (path, size) => {
    const change = convolutions[path];
    return change && changedApplication(g, change, { ...size, disperse });
  };
}

function changedApplication(
  g: GraphBuilder,
  { factor, disperses }: ConvolutionChange,
  how: KernelSize & { readonly disperse: (stored: Value) => Value },
): Application {
  const kernel = disperses ? 5 : how.kernel;
  const dilation = Math.ceil(factor);
  const growth = dilation / factor;
  const pad = (dilation * (kernel - 1)) / 2;
  const { stride, disperse } = how;
  return {
    place: {
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
      dilations: [dilation, dilation],
    },
    before: (x) => (growth === 1 ? x : resizeTo(g, x, scaledSides(g, x, growth))),
    kernel: (stored) => (disperses ? disperse(stored) : stored),
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

/** W5 = R · W3 for each pair of channels; `matrix` is R turned. */
function dispersed(g: GraphBuilder, stored: Value, matrix: Value): Value {
  const rows = reshape(g, stored, [-1, 9]); // [out·in, 9]
  const spread = matMul(g, rows, matrix); // [out·in, 25]
  const channels = shape(g, stored, { end: 2 });
  return reshape(g, spread, concat(g, [channels, g.integers([5, 5])], 0)); // [out, in, 5, 5]
}

/** [9, 25] */
function turnedMatrix(g: GraphBuilder): Value {
  const rows = dispersion();
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] as number));
  return g.floats(columns.flat(), [9, 25]);
}
