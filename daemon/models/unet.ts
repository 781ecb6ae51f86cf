// The UNet of Stable Diffusion 1.x, 2.x and XL: latent, timestep and text → the network's prediction.
// Reference: diffusers src/diffusers/models/unets/unet_2d_condition.py and unet_2d_blocks.py.
import { mapLevels, type UNetConfig, type UNetLevel } from "../config/unet-config.ts";
import type { UNetVariant } from "../config/unet-variant.ts";
import { GraphBuilder, type GraphTarget, type Value } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import { concat, resizeNearest, shape } from "../graph/operators.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { changedApplications } from "./change-convolution.ts";
import { type Strengths, strengthen, strengthsOf } from "./free-u.ts";
import { at, conv2d, groupNorm, type Layer, silu, spread } from "./layer.ts";
import { MapHooks } from "./map-hooks.ts";
import { resnetBlock, type TimeEmbedding } from "./resnet-block.ts";
import { timeEmbedding } from "./time-embedding.ts";
import { type Condition, transformer2d } from "./transformer-block.ts";

/** A picture on its way through the levels, with its number of channels. */
interface Picture {
  readonly value: Value;
  readonly channels: number;
  /** Of guidance: until a layer has looked at the text, both sides have the same picture. */
  readonly sides: "one" | "each";
}

/** Everything the blocks share. `hooks[level]` are the map ports of a picture level. */
interface Shared {
  readonly config: UNetConfig;
  readonly time: TimeEmbedding;
  readonly text: Value;
  readonly hooks: readonly (MapHooks | null)[];
  /** Of FreeU, by the width of the features; null without it. */
  readonly strengths: Strengths | null;
}

/**
 * Inputs: `sample` [n, c, h, w], `timestep` [1], `text` [n or 2n, t, width] (twice `sample`'s batch where both sides of
 * guidance begin with the same latents: what comes before the first look at the text is then computed once), `collect` bool, `map_weight` scalar,
 * `map_in_{level}` [n, pixels, t]; with an addition also `pooled` [n, width] and `time_ids` [n, 6].
 * Outputs: `prediction` [n, c, h, w] and `map_out_{level}`.
 * Every size is dynamic, so one session serves all stages. A `variant` is a graph of its own over the same weights.
 */
export function unet(
  config: UNetConfig,
  weights: WeightScope,
  target: GraphTarget,
  variant: UNetVariant | null = null,
): GraphData {
  const g = new GraphBuilder(target);
  const changes = variant && changedApplications(g, variant.convolutions);
  const layer: Layer = { g, weights, ...(changes && { changes }) };
  const sample = g.floatInput("sample", ["n_sample", config.inChannels, "height", "width"]);
  const time = timeEmbedding(layer, config, firstChannels(config));
  const text = g.floatInput("text", ["n", "tokens", config.crossAttentionDim]);
  const ports = { collect: g.input("collect", "bool", []), weight: g.floatInput("map_weight", []) };
  const looking = new Set(mapLevels(config));
  const hooks = config.levels.map((_, level) =>
    looking.has(level) ? new MapHooks(g, level, ports) : null,
  );
  const freeU = variant?.freeU ?? null;
  const widths = config.levels.map(({ channels }) => channels);
  const strengths = freeU && strengthsOf(freeU, widths);
  const shared: Shared = { config, time, text, hooks, strengths };
  const prediction = predict(layer, shared, sample);
  for (const level of hooks) level?.finish();
  g.floatOutput("prediction", prediction, ["n", config.outChannels, "height", "width"]);
  return g.finish("unet");
}

function predict(layer: Layer, shared: Shared, sample: Value): Value {
  const { config } = shared;
  const channels = firstChannels(config);
  // An addition tells the two texts apart from the first block on.
  const sides = config.addition === null ? "one" : "each";
  const start = sides === "one" ? sample : spread(layer.g, sample, shared.text);
  const stem = conv2d(layer, "conv_in", start, { in: config.inChannels, out: channels, kernel: 3 });
  const skips: Picture[] = [{ value: stem, channels, sides }];
  const bottom = down(layer, shared, skips);
  const middle = middleBlock(layer, shared, bottom);
  const top = up(layer, shared, middle, skips);
  const norm = { channels, groups: config.normGroups, epsilon: config.normEps };
  const normed = silu(layer.g, groupNorm(layer, "conv_norm_out", top.value, norm));
  return conv2d(layer, "conv_out", normed, { in: channels, out: config.outChannels, kernel: 3 });
}

/** Pushes each block's picture on `skips` for the way up; returns the smallest one. */
function down(layer: Layer, shared: Shared, skips: Picture[]): Picture {
  let picture = topOf(skips);
  for (const [level, block] of shared.config.levels.entries()) {
    const isLast = level === shared.config.levels.length - 1;
    at(layer, `down_blocks.${level}`, (inner) => {
      for (let index = 0; index < block.resnets; index += 1) {
        picture = resnet(inner, shared, index, { picture, out: block.channels });
        if (block.attendsDown) picture = crossAttend(inner, shared, { index, level, picture });
        skips.push(picture);
      }
      if (isLast) return;
      const { channels } = picture;
      const options = { in: channels, out: channels, kernel: 3, stride: 2 };
      const value = conv2d(inner, "downsamplers.0.conv", picture.value, options);
      picture = { ...picture, value };
      skips.push(picture);
    });
  }
  return picture;
}

function middleBlock(layer: Layer, shared: Shared, bottom: Picture): Picture {
  const level = shared.config.levels.length - 1;
  return at(layer, "mid_block", (inner) => {
    const first = resnet(inner, shared, 0, { picture: bottom, out: bottom.channels });
    const attended = crossAttend(inner, shared, { index: 0, level, picture: first });
    return resnet(inner, shared, 1, { picture: attended, out: bottom.channels });
  });
}

/** Takes the skips off again, one resnet more than on the way down. */
function up(layer: Layer, shared: Shared, middle: Picture, skips: Picture[]): Picture {
  const { levels } = shared.config;
  let picture = middle;
  for (let block = 0; block < levels.length; block += 1) {
    const level = levels.length - 1 - block;
    const size = levels[level] as UNetLevel;
    at(layer, `up_blocks.${block}`, (inner) => {
      for (let index = 0; index <= size.resnets; index += 1) {
        const joined = join(inner, shared, picture, skips.pop() as Picture);
        picture = resnet(inner, shared, index, { picture: joined, out: size.channels });
        if (size.attendsUp) picture = crossAttend(inner, shared, { index, level, picture });
      }
      if (level > 0) picture = upsample(inner, picture, topOf(skips));
    });
  }
  return picture;
}

function resnet(
  layer: Layer,
  { config, time }: Shared,
  index: number,
  { picture, out }: { readonly picture: Picture; readonly out: number },
): Picture {
  const size = { in: picture.channels, out, groups: config.normGroups, epsilon: config.normEps };
  return at(layer, `resnets.${index}`, (inner) => ({
    ...picture,
    value: resnetBlock(inner, picture.value, size, time),
    channels: out,
  }));
}

function crossAttend(
  layer: Layer,
  shared: Shared,
  where: {
    readonly index: number;
    readonly level: number;
    readonly picture: Picture;
  },
): Picture {
  const { config, text, hooks } = shared;
  const { channels, value, sides } = where.picture;
  const { heads, depth } = config.levels[where.level] as UNetLevel;
  const size = {
    channels,
    heads,
    depth,
    textWidth: config.crossAttentionDim,
    groups: config.normGroups,
    linearProjection: config.linearProjection,
  };
  const condition: Condition = {
    text,
    hooks: hooks[where.level] as MapHooks,
    spread: sides === "one" ? (x) => spread(layer.g, x, text) : null,
  };
  return at(layer, `attentions.${where.index}`, (inner) => ({
    value: transformer2d(inner, value, size, condition),
    channels,
    sides: "each",
  }));
}

/** Nearest neighbour to the size of the next skip (an odd side is not exactly doubled), then a convolution. */
function upsample(layer: Layer, picture: Picture, like: Picture): Picture {
  const { g } = layer;
  const { value, channels } = picture;
  const sizes = concat(g, [shape(g, value, { end: 2 }), shape(g, like.value, { start: 2 })], 0);
  const large = resizeNearest(g, value, { sizes });
  const options = { in: channels, out: channels, kernel: 3 };
  return { ...picture, value: conv2d(layer, "upsamplers.0.conv", large, options) };
}

function join(layer: Layer, shared: Shared, picture: Picture, skip: Picture): Picture {
  const { g } = layer;
  const beside = skip.sides === "one" ? spread(g, skip.value, shared.text) : skip.value;
  const plain = { below: picture.value, channels: picture.channels, skip: beside };
  const joined = shared.strengths === null ? plain : strengthen(g, plain, shared.strengths);
  return {
    ...picture,
    value: concat(g, [joined.below, joined.skip], 1),
    channels: picture.channels + skip.channels,
  };
}

const firstChannels = (config: UNetConfig): number => (config.levels[0] as UNetLevel).channels;

const topOf = (skips: readonly Picture[]): Picture => skips[skips.length - 1] as Picture;
