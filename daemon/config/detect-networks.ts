// The configs of a single file's networks, as the folder of the same model would have them: sizes from shapes, the
// rest from the family's rules.
import { badCheckpointTensor } from "../base/failure.ts";
import { checkHeadWidth, checkWidths } from "./check-widths.ts";
import type { FamilyRules, UNetRules } from "./family-rules.ts";
import type { StoredShapes } from "./stored-shapes.ts";
import type { ProjectedTextEncoderConfig, TextEncoderConfig } from "./text-encoder-config.ts";
import { timeIdCount, type UNetAddition, type UNetConfig, type UNetLevel } from "./unet-config.ts";
import type { VaeConfig } from "./vae-config.ts";

/** `file` is for messages. `pooledWidth` is that of the text's vector, null where the family has none. */
export function detectUNet(
  shapes: StoredShapes,
  rules: UNetRules,
  { file, pooledWidth }: { readonly file: string; readonly pooledWidth: number | null },
): UNetConfig {
  const count = shapes.count("down_blocks");
  const levels = Array.from({ length: count }, (_, level) =>
    detectLevel(shapes, rules, { level, last: count - 1 }),
  );
  const widths = levels.map(({ channels }) => channels);
  const groups = widths.map((channels) => ({ channels, parts: rules.normGroups }));
  checkWidths(file, "groups", groups);
  const { unetHeads } = rules;
  if ("width" in unetHeads) checkHeadWidth(file, unetHeads.width, widths);
  else {
    const heads = widths.map((channels) => ({ channels, parts: unetHeads.count }));
    checkWidths(file, "heads", heads);
  }
  const middle = "mid_block.attentions.0";
  return {
    inChannels: shapes.side("conv_in.weight", 1),
    outChannels: shapes.side("conv_out.weight", 0),
    sampleSize: rules.sampleSize,
    levels,
    crossAttentionDim: shapes.side(`${middle}.transformer_blocks.0.attn2.to_k.weight`, 1),
    linearProjection: shapes.rank(`${middle}.proj_in.weight`) === 2,
    normGroups: rules.normGroups,
    normEps: 1e-5,
    flipSinToCos: true,
    freqShift: 0,
    addition: pooledWidth === null ? null : detectAddition(shapes, pooledWidth, file),
  };
}

function detectLevel(
  shapes: StoredShapes,
  { unetHeads }: UNetRules,
  { level, last }: { readonly level: number; readonly last: number },
): UNetLevel {
  const [down, up] = [`down_blocks.${level}`, `up_blocks.${last - level}`];
  const channels = shapes.side(`${down}.resnets.0.conv1.weight`, 0);
  const attentions = [`${down}.attentions.0`, `${up}.attentions.0`, "mid_block.attentions.0"];
  const places = level === last ? attentions : attentions.slice(0, 2);
  const depths = places.map((place) => shapes.count(`${place}.transformer_blocks`));
  return {
    channels,
    resnets: shapes.count(`${down}.resnets`),
    attendsDown: shapes.count(`${down}.attentions`) > 0,
    attendsUp: shapes.count(`${up}.attentions`) > 0,
    heads: "count" in unetHeads ? unetHeads.count : channels / unetHeads.width,
    // A level without attention has nothing of this depth.
    depth: depths.find((depth) => depth > 0) ?? 1,
  };
}

function detectAddition(shapes: StoredShapes, pooledWidth: number, file: string): UNetAddition {
  const width = shapes.side("add_embedding.linear_1.weight", 1);
  const timeWidth = (width - pooledWidth) / timeIdCount;
  if (timeWidth > 0 && timeWidth % 2 === 0) return { timeWidth, pooledWidth };
  const rule = `must be as wide as the text's vector of ${pooledWidth} and ${timeIdCount} numbers`;
  throw badCheckpointTensor(file, "model.diffusion_model.label_emb.0.0.weight", rule, `${width}`);
}

export function detectVae(shapes: StoredShapes, rules: FamilyRules, file: string): VaeConfig {
  const channels = Array.from({ length: shapes.count("encoder.down_blocks") }, (_, level) =>
    shapes.side(`encoder.down_blocks.${level}.resnets.0.conv1.weight`, 0),
  );
  const { normGroups } = rules;
  checkWidths(
    file,
    "groups",
    channels.map((width) => ({ channels: width, parts: normGroups })),
  );
  return {
    latentChannels: shapes.side("decoder.conv_in.weight", 1),
    channels,
    layersPerBlock: shapes.count("encoder.down_blocks.0.resnets"),
    normGroups,
    scalingFactor: rules.scalingFactor,
    shiftFactor: rules.shiftFactor,
    sampleSize: rules.tilePx,
    quantConv: shapes.has("quant_conv.weight"),
    postQuantConv: shapes.has("post_quant_conv.weight"),
    middleAttention: shapes.has("encoder.mid_block.attentions.0.to_q.weight"),
  };
}

/** `which` encoder of the family, 0 or 1. */
export function detectTextEncoder(
  shapes: StoredShapes,
  { texts }: FamilyRules,
  { file, which }: { readonly file: string; readonly which: 0 | 1 },
): TextEncoderConfig {
  // Old files have transformers' keys without this.
  const root = shapes.has("text_model.final_layer_norm.weight") ? "text_model." : "";
  const tokens = `${root}embeddings.token_embedding.weight`;
  const hiddenSize = shapes.side(tokens, 1);
  const rules = texts[which] as FamilyRules["texts"][number];
  checkHeadWidth(file, rules.headWidth, [hiddenSize]);
  return {
    vocabSize: shapes.side(tokens, 0),
    hiddenSize,
    intermediateSize: shapes.side(`${root}encoder.layers.0.mlp.fc1.weight`, 0),
    layers: shapes.count(`${root}encoder.layers`) - rules.unusedLayers,
    heads: hiddenSize / rules.headWidth,
    positions: shapes.side(`${root}embeddings.position_embedding.weight`, 0),
    activation: rules.activation,
    normEps: 1e-5,
  };
}

/** As above, of an encoder that sums texts up. The vocabulary's last token ends texts. */
export function detectProjectedTextEncoder(
  shapes: StoredShapes,
  rules: FamilyRules,
  place: { readonly file: string; readonly which: 0 | 1 },
): ProjectedTextEncoderConfig {
  const text = detectTextEncoder(shapes, rules, place);
  const { projection } = rules.texts[place.which] as FamilyRules["texts"][number];
  const projectionWidth = projection === "none" ? text.hiddenSize : detectProjection(shapes);
  return { ...text, projectionWidth, projection, endToken: text.vocabSize - 1 };
}

/** open_clip's matrix is [in, out], and its key ends where transformers' goes on. */
function detectProjection(shapes: StoredShapes): number {
  const key = "text_projection";
  return shapes.has(key) ? shapes.side(key, 1) : shapes.side(`${key}.weight`, 0);
}
