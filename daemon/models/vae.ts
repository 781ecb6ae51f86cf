// The autoencoder between pictures and latents, as two graphs.
// Reference: diffusers src/diffusers/models/autoencoders/autoencoder_kl.py and vae.py.
import type { VaeConfig } from "../config/vae-config.ts";
import { GraphBuilder, type GraphTarget, type Value } from "../graph/graph-builder.ts";
import type { GraphData } from "../graph/onnx.ts";
import { add, reshape, resizeNearest, shape, transpose } from "../graph/operators.ts";
import type { WeightScope } from "../weights/weight-scope.ts";
import { attention } from "./attention.ts";
import { at, conv2d, groupNorm, type Layer, linear, silu } from "./layer.ts";
import { resnetBlock } from "./resnet-block.ts";

const epsilon = 1e-6;

/** Input `image` [n, 3, h, w] in −1..1; output `moments` [n, 2·latentChannels, h/8, w/8]: mean, then log-variance. */
export function vaeEncoder(
  config: VaeConfig,
  weights: WeightScope,
  target: GraphTarget,
): GraphData {
  const g = new GraphBuilder(target);
  const root: Layer = { g, weights };
  const image = g.floatInput("image", ["n", 3, "height", "width"]);
  const moments = 2 * config.latentChannels;
  const encoded = at(root, "encoder", (layer) => encode(layer, config, image));
  const out = config.quantConv
    ? conv2d(root, "quant_conv", encoded, { in: moments, out: moments, kernel: 1 })
    : encoded;
  g.floatOutput("moments", out, ["n", moments, "latent_height", "latent_width"]);
  return g.finish("vae-encoder");
}

/** Input `latent` [n, latentChannels, h, w], already divided by the scaling factor; output `image` [n, 3, 8h, 8w]. */
export function vaeDecoder(
  config: VaeConfig,
  weights: WeightScope,
  target: GraphTarget,
): GraphData {
  const g = new GraphBuilder(target);
  const root: Layer = { g, weights };
  const channels = config.latentChannels;
  const latent = g.floatInput("latent", ["n", channels, "height", "width"]);
  const ready = config.postQuantConv
    ? conv2d(root, "post_quant_conv", latent, { in: channels, out: channels, kernel: 1 })
    : latent;
  const image = at(root, "decoder", (layer) => decode(layer, config, ready));
  g.floatOutput("image", image, ["n", 3, "image_height", "image_width"]);
  return g.finish("vae-decoder");
}

function encode(layer: Layer, config: VaeConfig, image: Value): Value {
  const first = config.channels[0] as number;
  const last = config.channels.length - 1;
  let channels = first;
  let x = conv2d(layer, "conv_in", image, { in: 3, out: first, kernel: 3 });
  for (const [level, out] of config.channels.entries())
    at(layer, `down_blocks.${level}`, (inner) => {
      x = resnets(inner, config, x, { in: channels, out, count: config.layersPerBlock });
      channels = out;
      // Padded on the right and at the bottom only, as the reference does.
      const options = { in: out, out, kernel: 3, stride: 2, pads: [0, 0, 1, 1] };
      if (level < last) x = conv2d(inner, "downsamplers.0.conv", x, options);
    });
  x = middleBlock(layer, config, x, channels);
  const out = 2 * config.latentChannels;
  return conv2d(layer, "conv_out", normOut(layer, config, x, channels), {
    in: channels,
    out,
    kernel: 3,
  });
}

function decode(layer: Layer, config: VaeConfig, latent: Value): Value {
  const levels = [...config.channels].reverse();
  const last = levels.length - 1;
  let channels = levels[0] as number;
  let x = conv2d(layer, "conv_in", latent, { in: config.latentChannels, out: channels, kernel: 3 });
  x = middleBlock(layer, config, x, channels);
  for (const [level, out] of levels.entries())
    at(layer, `up_blocks.${level}`, (inner) => {
      x = resnets(inner, config, x, { in: channels, out, count: config.layersPerBlock + 1 });
      channels = out;
      if (level === last) return;
      const large = resizeNearest(inner.g, x, { scales: [1, 1, 2, 2] });
      x = conv2d(inner, "upsamplers.0.conv", large, { in: out, out, kernel: 3 });
    });
  return conv2d(layer, "conv_out", normOut(layer, config, x, channels), {
    in: channels,
    out: 3,
    kernel: 3,
  });
}

function resnets(
  layer: Layer,
  config: VaeConfig,
  x: Value,
  size: { readonly in: number; readonly out: number; readonly count: number },
): Value {
  let value = x;
  for (let index = 0; index < size.count; index += 1) {
    const shape = {
      in: index === 0 ? size.in : size.out,
      out: size.out,
      groups: config.normGroups,
      epsilon,
    };
    value = at(layer, `resnets.${index}`, (inner) => resnetBlock(inner, value, shape));
  }
  return value;
}

function middleBlock(layer: Layer, config: VaeConfig, x: Value, channels: number): Value {
  const size = { in: channels, out: channels, count: 1 };
  return at(layer, "mid_block", (inner) => {
    const first = resnets(inner, config, x, size);
    const attended = config.middleAttention
      ? at(inner, "attentions.0", (place) => selfAttention(place, config, first, channels))
      : first;
    const shape = { in: channels, out: channels, groups: config.normGroups, epsilon };
    return at(inner, "resnets.1", (place) => resnetBlock(place, attended, shape));
  });
}

/** One head over all cells. Checkpoints saved before diffusers 0.17 call the four projections otherwise. */
function selfAttention(layer: Layer, config: VaeConfig, x: Value, channels: number): Value {
  const { g } = layer;
  const names = layer.weights.has("query.weight")
    ? { query: "query", key: "key", value: "value", out: "proj_attn" }
    : { query: "to_q", key: "to_k", value: "to_v", out: "to_out.0" };
  const width = { in: channels, out: channels };
  const normed = groupNorm(layer, "group_norm", x, {
    channels,
    groups: config.normGroups,
    epsilon,
  });
  const tokens = transpose(g, reshape(g, normed, [0, 0, -1]), [0, 2, 1]); // [n, h·w, c]
  const attended = {
    query: linear(layer, names.query, tokens, width),
    key: linear(layer, names.key, tokens, width),
    value: linear(layer, names.value, tokens, width),
  };
  const mixed = linear(layer, names.out, attention(g, attended, { heads: 1, channels }), width);
  return add(g, reshape(g, transpose(g, mixed, [0, 2, 1]), shape(g, x)), x);
}

function normOut(layer: Layer, config: VaeConfig, x: Value, channels: number): Value {
  const norm = { channels, groups: config.normGroups, epsilon };
  return silu(layer.g, groupNorm(layer, "conv_norm_out", x, norm));
}
