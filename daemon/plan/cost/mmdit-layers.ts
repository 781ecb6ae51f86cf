// The MMDiT as layers; level 0 is the latent's size, the patches are level 1.
// Reference: diffusers src/diffusers/models/transformers/transformer_sd3.py, attention.py JointTransformerBlock.
import {
  type MmditConfig,
  mmditMapLevel,
  mmditTimeWidth,
  patchCells,
  widthOf,
} from "../../config/mmdit-config.ts";
import type { Layer, Rows } from "./layer.ts";

const patches = mmditMapLevel;

export function mmditLayers(config: MmditConfig): readonly Layer[] {
  const channels = widthOf(config);
  const last = config.blocks.length - 1;
  return [
    {
      kind: "convolution",
      level: patches,
      in: config.inChannels,
      out: channels,
      kernel: patchCells,
    },
    { kind: "table", entries: config.tableSide ** 2, width: channels },
    linear("once", mmditTimeWidth, channels),
    linear("once", channels, channels),
    linear("once", config.pooledWidth, channels),
    linear("once", channels, channels),
    linear("text", config.textWidth, channels),
    ...config.blocks.flatMap((block, index) => [
      ...jointLayers(config, index === last ? "read" : "updated"),
      ...(block.attention === "dual" ? dualLayers(config) : []),
    ]),
    linear("once", channels, 2 * channels),
    linear(patches, channels, patchCells ** 2 * config.outChannels),
  ];
}

/** The last block reads the text without writing it anew. */
function jointLayers(config: MmditConfig, text: "updated" | "read"): readonly Layer[] {
  const channels = widthOf(config);
  const ofImage = [
    linear("once", channels, 6 * channels),
    ...projections(config, patches),
    linear(patches, channels, channels),
    ...feedForward(patches, channels),
  ];
  const ofText = [
    linear("once", channels, (text === "read" ? 2 : 6) * channels),
    ...projections(config, "text"),
    ...(text === "read"
      ? []
      : [linear("text", channels, channels), ...feedForward("text", channels)]),
  ];
  return [
    ...ofImage,
    ...ofText,
    { kind: "joint attention", level: patches, channels, heads: config.heads },
  ];
}

/** The picture's own attention, and three more vectors of the norm before it. */
function dualLayers(config: MmditConfig): readonly Layer[] {
  const channels = widthOf(config);
  return [
    { kind: "linear", rows: "once", in: channels, out: 3 * channels, bias: "with" },
    ...projections(config, patches),
    { kind: "attention", rows: patches, keys: "own", channels, heads: config.heads },
    linear(patches, channels, channels),
  ];
}

/** Queries, keys and values, with a weight for each channel of a head where queries and keys have a norm. */
function projections(config: MmditConfig, rows: Rows): readonly Layer[] {
  const channels = widthOf(config);
  const square = linear(rows, channels, channels);
  const norm: Layer = { kind: "table", entries: 2, width: config.headWidth };
  return [square, square, square, ...(config.queryKeyNorm === "rms" ? [norm] : [])];
}

function feedForward(rows: Rows, channels: number): readonly Layer[] {
  return [linear(rows, channels, 4 * channels), linear(rows, 4 * channels, channels)];
}

const linear = (rows: Rows, from: number, out: number): Layer => ({
  kind: "linear",
  rows,
  in: from,
  out,
  bias: "with",
});
