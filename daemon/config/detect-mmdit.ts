// The configs of the networks that only Stable Diffusion 3 has, from a single file's shapes.
import { badCheckpointTensor } from "../base/failure.ts";
import { checkHeadWidth, checkWidths } from "./check-widths.ts";
import type { MmditRules } from "./family-rules.ts";
import { type MmditConfig, patchCells } from "./mmdit-config.ts";
import type { StoredShapes } from "./stored-shapes.ts";
import type { T5Config } from "./t5-config.ts";

/** `file` is for messages. */
export function detectMmdit(
  shapes: StoredShapes,
  { headWidth, sampleSize }: MmditRules,
  file: string,
): MmditConfig {
  const channels = shapes.side("pos_embed.proj.weight", 0);
  checkHeadWidth(file, headWidth, [channels]);
  const block = "transformer_blocks";
  return {
    inChannels: shapes.side("pos_embed.proj.weight", 1),
    outChannels: shapes.side("proj_out.weight", 0) / patchCells ** 2,
    sampleSize,
    heads: channels / headWidth,
    headWidth,
    blocks: Array.from({ length: shapes.count(block) }, (_, index) => ({
      attention: shapes.has(`${block}.${index}.attn2.to_q.weight`) ? "dual" : "joint",
    })),
    textWidth: shapes.side("context_embedder.weight", 1),
    pooledWidth: shapes.side("time_text_embed.text_embedder.linear_1.weight", 1),
    tableSide: detectTableSide(shapes, file),
    // What sets 3.5 apart.
    queryKeyNorm: shapes.has(`${block}.0.attn.norm_q.weight`) ? "rms" : "none",
  };
}

function detectTableSide(shapes: StoredShapes, file: string): number {
  const cells = shapes.side("pos_embed.pos_embed", 1);
  const side = Math.round(Math.sqrt(cells));
  if (side ** 2 === cells) return side;
  const rule = "must be a square table of positions";
  throw badCheckpointTensor(file, "model.diffusion_model.pos_embed", rule, `${cells} of them`);
}

/** `file` is for messages. */
export function detectT5(shapes: StoredShapes, { t5 }: MmditRules, file: string): T5Config {
  const table = shapes.has("shared.weight") ? "shared" : "encoder.embed_tokens";
  const first = "encoder.block.0";
  const bias = `${first}.layer.0.SelfAttention.relative_attention_bias.weight`;
  const heads = shapes.side(bias, 1);
  const channels = shapes.side(`${first}.layer.0.SelfAttention.q.weight`, 0);
  checkWidths(file, "heads", [{ channels, parts: heads }]);
  return {
    vocabSize: shapes.side(`${table}.weight`, 0),
    width: shapes.side(`${table}.weight`, 1),
    heads,
    headWidth: channels / heads,
    feedForwardWidth: shapes.side(`${first}.layer.1.DenseReluDense.wi_0.weight`, 0),
    layers: shapes.count("encoder.block"),
    buckets: shapes.side(bias, 0),
    ...t5,
  };
}
