// What a UNet is told besides its latent and the text: the timestep, and in SDXL the picture's size and the
// whole text in one vector.
// Reference: diffusers src/diffusers/models/embeddings.py, Timesteps and TimestepEmbedding.
import { timeIdCount, type UNetAddition, type UNetConfig } from "../config/unet-config.ts";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { add, concat, cos, mul, reshape, sin } from "../graph/operators.ts";
import { at, type Layer, linear, silu } from "./layer.ts";
import type { TimeEmbedding } from "./resnet-block.ts";

/**
 * Declares input `timestep` [1] and those of the config's addition. Sinusoids through two linear layers, and the
 * SiLU that every resnet applies: [1, 1, 4c], with an addition [n, 1, 4c].
 */
export function timeEmbedding(layer: Layer, config: UNetConfig, channels: number): TimeEmbedding {
  const { g } = layer;
  const timestep = g.input("timestep", "float32", [1]);
  const width = channels * 4;
  const waves = sinusoids(g, config, timestep, channels); // [1, 1, c]
  const time = twoLayers(layer, "time_embedding", waves, { in: channels, out: width });
  const { addition } = config;
  const all = addition === null ? time : add(g, time, added(layer, config, { addition, width }));
  return { value: silu(g, all), width };
}

/** Declares inputs `pooled` [n, pooledWidth] and `time_ids` [n, 6]; gives [n, 1, width]. */
function added(
  layer: Layer,
  config: UNetConfig,
  size: { readonly addition: UNetAddition; readonly width: number },
): Value {
  const { g } = layer;
  const { timeWidth, pooledWidth } = size.addition;
  const pooled = g.floatInput("pooled", ["n", pooledWidth]);
  const timeIds = g.input("time_ids", "float32", ["n", timeIdCount]);
  const waves = sinusoids(g, config, reshape(g, timeIds, [0, timeIdCount, 1]), timeWidth); // [n, 6, timeWidth]
  const row = concat(g, [reshape(g, pooled, [0, 1, -1]), reshape(g, waves, [0, 1, -1])], 2);
  const width = { in: pooledWidth + timeIdCount * timeWidth, out: size.width };
  return twoLayers(layer, "add_embedding", row, width);
}

/** Order and spacing of the waves. */
type Waves = Pick<UNetConfig, "flipSinToCos" | "freqShift">;

/**
 * Numbers [.., 1] → [.., width] in the target's precision. Angles are float32 in every precision: float16 steps by
 * half a radian at timestep 999.
 */
export function sinusoids(g: GraphBuilder, config: Waves, numbers: Value, width: number): Value {
  const half = width / 2;
  const frequencies = Array.from({ length: half }, (_, index) =>
    Math.exp((-Math.log(10_000) * index) / (half - config.freqShift)),
  );
  const angles = mul(g, numbers, g.floats32(frequencies, [1, 1, half]));
  const waves = config.flipSinToCos
    ? [cos(g, angles), sin(g, angles)]
    : [sin(g, angles), cos(g, angles)];
  return g.inPrecision(concat(g, waves, 2));
}

/** Linear, SiLU, linear. */
export function twoLayers(
  layer: Layer,
  path: string,
  x: Value,
  width: { readonly in: number; readonly out: number },
): Value {
  return at(layer, path, (inner) => {
    const first = silu(inner.g, linear(inner, "linear_1", x, width));
    return linear(inner, "linear_2", first, { in: width.out, out: width.out });
  });
}
