// The UNet as layers; level 0 is the latent's size. Runs of blocks go down, through the middle and up.
// Reference: diffusers src/diffusers/models/unets/unet_2d_condition.py, unet_2d_blocks.py.
import { timeIdCount, type UNetConfig } from "../../config/unet-config.ts";
import type { Layer } from "./layer.ts";
import { resnetLayers } from "./resnet-layers.ts";
import { transformerLayers } from "./transformer-layers.ts";

export function unetLayers(config: UNetConfig): readonly Layer[] {
  const first = widthOf(config, 0);
  const time = timeWidth(config);
  return [
    { kind: "convolution", level: 0, in: config.inChannels, out: first, kernel: 3 },
    ...embedding(first, time),
    ...addition(config, time),
    ...config.levels.flatMap((_, level) => down(config, level)),
    ...middle(config),
    ...config.levels.flatMap((_, index) => up(config, index)),
    { kind: "norm", channels: first },
    { kind: "convolution", level: 0, in: first, out: config.outChannels, kernel: 3 },
  ];
}

function embedding(width: number, time: number): readonly Layer[] {
  return [
    { kind: "linear", rows: "once", in: width, out: time, bias: "with" },
    { kind: "linear", rows: "once", in: time, out: time, bias: "with" },
  ];
}

function addition({ addition: size }: UNetConfig, time: number): readonly Layer[] {
  if (size === null) return [];
  return embedding(size.pooledWidth + timeIdCount * size.timeWidth, time);
}

function down(config: UNetConfig, level: number): readonly Layer[] {
  const { channels, resnets, ...size } = config.levels[level] as UNetConfig["levels"][number];
  const time = timeWidth(config);
  const before = widthOf(config, Math.max(0, level - 1));
  const blocks = Array.from({ length: resnets }, (_, index) => [
    ...resnetLayers({
      ...{ level, in: index === 0 ? before : channels, out: channels, time },
      path: `down_blocks.${level}.resnets.${index}`,
    }),
    ...(size.attendsDown ? transformer(config, level, size.depth) : []),
  ]).flat();
  if (level === config.levels.length - 1) return blocks;
  return [
    ...blocks,
    {
      ...{ kind: "convolution", level: level + 1, in: channels, out: channels, kernel: 3 },
      path: `down_blocks.${level}.downsamplers.0.conv`,
    },
  ];
}

function middle(config: UNetConfig): readonly Layer[] {
  const level = config.levels.length - 1;
  const { channels, depth } = config.levels[level] as UNetConfig["levels"][number];
  const resnet = (index: number): readonly Layer[] =>
    resnetLayers({
      ...{ level, in: channels, out: channels, time: timeWidth(config) },
      path: `mid_block.resnets.${index}`,
    });
  return [...resnet(0), ...transformer(config, level, depth), ...resnet(1)];
}

/** Blocks of the way up count from the smallest level; each resnet also takes one skip connection in. */
function up(config: UNetConfig, index: number): readonly Layer[] {
  const last = config.levels.length - 1;
  const level = last - index;
  const { channels, resnets, ...size } = config.levels[level] as UNetConfig["levels"][number];
  const time = timeWidth(config);
  const below = widthOf(config, Math.min(last, level + 1));
  const above = widthOf(config, Math.max(0, level - 1));
  const blocks = Array.from({ length: resnets + 1 }, (_, block) => {
    const skip = block === resnets ? above : channels;
    return [
      ...resnetLayers({
        ...{ level, in: (block === 0 ? below : channels) + skip, out: channels, time },
        path: `up_blocks.${index}.resnets.${block}`,
      }),
      ...(size.attendsUp ? transformer(config, level, size.depth) : []),
    ];
  }).flat();
  if (level === 0) return blocks;
  return [
    ...blocks,
    {
      ...{ kind: "convolution", level: level - 1, in: channels, out: channels, kernel: 3 },
      path: `up_blocks.${index}.upsamplers.0.conv`,
    },
  ];
}

function transformer(config: UNetConfig, level: number, depth: number): readonly Layer[] {
  const { channels, heads } = config.levels[level] as UNetConfig["levels"][number];
  return transformerLayers({ level, channels, heads, depth, textWidth: config.crossAttentionDim });
}

const widthOf = (config: UNetConfig, level: number): number => config.levels[level]?.channels ?? 0;

const timeWidth = (config: UNetConfig): number => 4 * widthOf(config, 0);
