// Both halves of the VAE as layers; level 0 is the picture's size, the latent is the last level.
// Reference: diffusers src/diffusers/models/autoencoders/autoencoder_kl.py and vae.py.
import type { VaeConfig } from "../../config/vae-config.ts";
import type { Layer } from "./layer.ts";
import { resnetLayers } from "./resnet-layers.ts";

/** Picture in, mean and log-variance of the latent out. */
export function vaeEncoderLayers(config: VaeConfig): readonly Layer[] {
  const { channels, layersPerBlock, quantConv } = config;
  const last = channels.length - 1;
  const moments = 2 * config.latentChannels;
  const blocks = channels.flatMap((out, level) => [
    ...resnets({ level, in: channels[Math.max(0, level - 1)] ?? 0, out, count: layersPerBlock }),
    ...(level === last ? [] : [convolution(level + 1, out, out)]),
  ]);
  return [
    convolution(0, 3, channels[0] ?? 0),
    ...blocks,
    ...middle(config),
    { kind: "norm", channels: channels[last] ?? 0 },
    convolution(last, channels[last] ?? 0, moments),
    ...(quantConv ? [pointwise(last, moments)] : []),
  ];
}

/** Latent in, picture out. */
export function vaeDecoderLayers(config: VaeConfig): readonly Layer[] {
  const { channels, layersPerBlock, latentChannels, postQuantConv } = config;
  const last = channels.length - 1;
  const block = (level: number): readonly Layer[] => {
    const out = channels[level] ?? 0;
    return [
      ...resnets({
        level,
        in: channels[Math.min(last, level + 1)] ?? 0,
        out,
        count: layersPerBlock + 1,
      }),
      ...(level === 0 ? [] : [convolution(level - 1, out, out)]),
    ];
  };
  return [
    ...(postQuantConv ? [pointwise(last, latentChannels)] : []),
    convolution(last, latentChannels, channels[last] ?? 0),
    ...middle(config),
    ...channels.flatMap((_, index) => block(last - index)),
    { kind: "norm", channels: channels[0] ?? 0 },
    convolution(0, channels[0] ?? 0, 3),
  ];
}

function resnets(run: {
  readonly level: number;
  readonly in: number;
  readonly out: number;
  readonly count: number;
}): readonly Layer[] {
  const { level, out, count } = run;
  return Array.from({ length: count }, (_, index) =>
    resnetLayers({ level, in: index === 0 ? run.in : out, out, time: null }),
  ).flat();
}

/** Resnet, attention of one head, resnet, all at the latent's size. */
function middle(config: VaeConfig): readonly Layer[] {
  const level = config.channels.length - 1;
  const channels = config.channels[level] ?? 0;
  const resnet = resnetLayers({ level, in: channels, out: channels, time: null });
  if (!config.middleAttention) return [...resnet, ...resnet];
  const linear: Layer = {
    kind: "linear",
    rows: level,
    in: channels,
    out: channels,
    bias: "with",
  };
  return [
    ...resnet,
    { kind: "norm", channels },
    ...[linear, linear, linear],
    { kind: "attention", rows: level, keys: "own", channels, heads: 1 },
    linear,
    ...resnet,
  ];
}

const convolution = (level: number, from: number, out: number): Layer => ({
  kind: "convolution",
  level,
  in: from,
  out,
  kernel: 3,
});

const pointwise = (level: number, channels: number): Layer => ({
  kind: "convolution",
  level,
  in: channels,
  out: channels,
  kernel: 1,
});
