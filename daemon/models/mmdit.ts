// The MMDiT of Stable Diffusion 3: latent, timestep and text → the velocity from picture to noise.
// Reference: diffusers src/diffusers/models/transformers/transformer_sd3.py.
import {
  type MmditConfig,
  mmditMapLevel,
  mmditTimeWidth,
  patchCells,
  widthOf,
} from "../config/mmdit-config.ts";
import { GraphBuilder, type GraphTarget, type Value } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import { add, concat, div, reshape, shape, sub, transpose } from "../graph/operators.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { continuousNorm } from "./adaptive-norm.ts";
import { type JointCondition, jointBlock, type Streams } from "./joint-block.ts";
import { at, conv2d, type Layer, linear, silu, spread, tableSlice } from "./layer.ts";
import { MapHooks } from "./map-hooks.ts";
import { sinusoids, twoLayers } from "./time-embedding.ts";

/**
 * Inputs: `sample` [n, c, h, w] or half of that batch, the same for both sides of guidance, with even sides,
 * `timestep` [1], `text` [n, t, width], `pooled` [n, width], `collect` bool, `map_weight` scalar, `map_in_1` [n, pixels, t]. Outputs: `prediction` [n, c, h, w] and `map_out_1`.
 * Every size is dynamic, so one session serves all stages.
 */
export function mmdit(config: MmditConfig, weights: WeightScope, target: GraphTarget): GraphData {
  const g = new GraphBuilder(target);
  const layer: Layer = { g, weights };
  const channels = widthOf(config);
  const latents = g.floatInput("sample", ["n_sample", config.inChannels, "height", "width"]);
  const embedding = conditionEmbedding(layer, config);
  const text = g.floatInput("text", ["n", "tokens", config.textWidth]);
  const sample = spread(g, latents, text);
  const ports = { collect: g.input("collect", "bool", []), weight: g.floatInput("map_weight", []) };
  const hooks = new MapHooks(g, mmditMapLevel, ports);
  const streams = {
    image: patches(layer, config, sample),
    text: linear(layer, "context_embedder", text, { in: config.textWidth, out: channels }),
  };
  const image = blocks(layer, config, streams, { embedding, hooks });
  const normed = continuousNorm(layer, "norm_out", image, { embedding, channels });
  hooks.finish();
  const prediction = unpatch(layer, config, normed, sample);
  g.floatOutput("prediction", prediction, ["n", config.outChannels, "height", "width"]);
  return g.finish("mmdit");
}

/** Declares inputs `timestep` and `pooled`. The SiLU that every norm applies is done here, once: [n, 1, c]. */
function conditionEmbedding(layer: Layer, config: MmditConfig): Value {
  const { g } = layer;
  const out = widthOf(config);
  const timestep = g.input("timestep", "float32", [1]);
  const pooled = g.floatInput("pooled", ["n", config.pooledWidth]);
  return at(layer, "time_text_embed", (inner) => {
    const order = { flipSinToCos: true, freqShift: 0 };
    const waves = sinusoids(g, order, timestep, mmditTimeWidth); // [1, 1, 256]
    const time = twoLayers(inner, "timestep_embedder", waves, { in: mmditTimeWidth, out });
    const row = reshape(g, pooled, [0, 1, -1]); // [n, 1, pooledWidth]
    const text = twoLayers(inner, "text_embedder", row, { in: config.pooledWidth, out });
    return silu(g, add(g, time, text));
  });
}

/** One token for each patch of the latent, its place in the picture added: [n, h/2·w/2, c]. */
function patches(layer: Layer, config: MmditConfig, sample: Value): Value {
  const { g } = layer;
  return at(layer, "pos_embed", (inner) => {
    const out = widthOf(config);
    const cells = conv2d(inner, "proj", sample, {
      in: config.inChannels,
      out,
      kernel: patchCells,
      stride: patchCells,
      pads: [0, 0, 0, 0],
    }); // [n, c, h/2, w/2]
    const tokens = transpose(g, reshape(g, cells, [0, 0, -1]), [0, 2, 1]); // [n, h/2·w/2, c]
    return add(g, tokens, positions(inner, config, cells));
  });
}

/** The middle of the table of positions, as large as the picture: [1, h/2·w/2, c]. */
function positions(layer: Layer, config: MmditConfig, cells: Value): Value {
  const { g } = layer;
  const side = config.tableSide;
  const sides = shape(g, cells, { start: 2, end: 4 });
  const starts = div(g, sub(g, g.integers([side, side]), sides), g.integers([2]));
  const place = { starts, ends: add(g, starts, sides) };
  const width = widthOf(config);
  const middle = tableSlice(layer, "pos_embed", { shape: [side, side, width], place }); // [h/2, w/2, c]
  return reshape(g, middle, [1, -1, width]);
}

function blocks(
  layer: Layer,
  config: MmditConfig,
  start: Streams,
  condition: JointCondition,
): Value {
  const last = config.blocks.length - 1;
  const size = {
    channels: widthOf(config),
    heads: config.heads,
    queryKeyNorm: config.queryKeyNorm,
  };
  let streams = start;
  for (const [index, { attention }] of config.blocks.entries()) {
    const kind = { ...size, attention, text: index === last ? "read" : "updated" } as const;
    streams = at(layer, `transformer_blocks.${index}`, (inner) =>
      jointBlock(inner, streams, condition, kind),
    );
  }
  return streams.image;
}

/** Each token back to its patch of the latent: [n, h/2·w/2, c] → [n, out, h, w]. */
function unpatch(layer: Layer, config: MmditConfig, tokens: Value, sample: Value): Value {
  const { g } = layer;
  const out = config.outChannels;
  const width = { in: widthOf(config), out: patchCells ** 2 * out };
  const values = linear(layer, "proj_out", tokens, width); // [n, h/2·w/2, 4·out]
  const [n, cells] = [shape(g, sample, { end: 1 }), shape(g, sample, { start: 2, end: 4 })];
  const grid = div(g, cells, g.integers([patchCells]));
  const inner = g.integers([patchCells, patchCells, out]);
  const apart = reshape(g, values, concat(g, [n, grid, inner], 0)); // [n, h/2, w/2, 2, 2, out]
  const nested = transpose(g, apart, [0, 5, 1, 3, 2, 4]); // [n, out, h/2, 2, w/2, 2]
  return reshape(g, nested, concat(g, [n, g.integers([out]), cells], 0));
}
