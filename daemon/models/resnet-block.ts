// The residual block of UNet and VAE: norm, SiLU, convolution, twice, plus a shortcut.
// Reference: diffusers src/diffusers/models/resnet.py, ResnetBlock2D.
import type { Value } from "../graph/graph-builder.ts";
import { add, reshape } from "../graph/operators.ts";
import { conv2d, groupNorm, type Layer, linear, silu } from "./layer.ts";

export interface ResnetShape {
  readonly in: number;
  readonly out: number;
  readonly groups: number;
  readonly epsilon: number;
}

/** The timestep's embedding after SiLU: [1, 1, width], or [n, 1, width] where each item has its own. */
export interface TimeEmbedding {
  readonly value: Value;
  readonly width: number;
}

/** [n, in, h, w] → [n, out, h, w]. The VAE's blocks have no timestep. */
export function resnetBlock(
  layer: Layer,
  x: Value,
  shape: ResnetShape,
  time?: TimeEmbedding,
): Value {
  const { g } = layer;
  const { groups, epsilon } = shape;
  const first = silu(g, groupNorm(layer, "norm1", x, { channels: shape.in, groups, epsilon }));
  const inner = conv2d(layer, "conv1", first, { in: shape.in, out: shape.out, kernel: 3 });
  const timed = time === undefined ? inner : add(g, inner, timeShift(layer, shape, time));
  const second = silu(
    g,
    groupNorm(layer, "norm2", timed, { channels: shape.out, groups, epsilon }),
  );
  const residual = conv2d(layer, "conv2", second, { in: shape.out, out: shape.out, kernel: 3 });
  const shortcut =
    shape.in === shape.out
      ? x
      : conv2d(layer, "conv_shortcut", x, { in: shape.in, out: shape.out, kernel: 1 });
  return add(g, residual, shortcut);
}

function timeShift(layer: Layer, shape: ResnetShape, time: TimeEmbedding): Value {
  const width = { in: time.width, out: shape.out };
  const shift = linear(layer, "time_emb_proj", time.value, width); // [1 or n, 1, out]
  return reshape(layer.g, shift, [-1, shape.out, 1, 1]);
}
