// UNet configs: damaged and unbuilt ones are refused before a graph is made of them.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readUNetConfig } from "../../daemon/config/unet-config.ts";
import { golden } from "../support/read-golden.ts";

const good = JSON.parse(readFileSync(golden("models/sd21/unet/config.json"), "utf8"));

const check = (changes: object, expected: RegExp): void =>
  expect(() => readUNetConfig("/m", () => JSON.stringify({ ...good, ...changes }))).toThrow(
    expected,
  );

test.each([
  [{ layers_per_block: 1_000_000_000 }, /"layers_per_block" must be understood/],
  [{ block_out_channels: [16, 32, 1e9] }, /"block_out_channels\.2" must be understood/],
  [{ attention_head_dim: 3 }, /channels must split evenly into heads, got 16 channels and 3 heads/],
  [{ norm_num_groups: 5 }, /channels must split evenly into groups, got 16 channels and 5 groups/],
  [{ mid_block_type: null }, /must be one with mid_block_type: UNetMidBlock2DCrossAttn, got/],
  [{ mid_block_scale_factor: 2 }, /must be one with mid_block_scale_factor: 1, got/],
  [{ num_attention_heads: 8 }, /must be one with num_attention_heads: null, got/],
  [{ time_embedding_type: "fourier" }, /must be one with time_embedding_type: positional, got/],
  [{ down_block_types: ["AttnDownBlock2D", "DownBlock2D", "DownBlock2D"] }, /AttnDownBlock2D/],
  [{ up_block_types: ["UpBlock2D"] }, /the block type undefined/],
  [
    { addition_embed_type: "image" },
    /must be one with addition_embed_type: null or text_time, got addition_embed_type: "image"/,
  ],
  [
    { addition_embed_type: "text_time" },
    /projection_class_embeddings_input_dim must be more than 6 times addition_time_embed_dim/,
  ],
  [
    {
      addition_embed_type: "text_time",
      addition_time_embed_dim: 8,
      projection_class_embeddings_input_dim: 48,
    },
    /must be more than 6 times addition_time_embed_dim, got 48 and 8/,
  ],
  [{ addition_time_embed_dim: 7 }, /"addition_time_embed_dim" must be understood/],
])("a config with %j is refused with its rule", check);

test("a level keeps its own heads and depth where only its way up attends", () => {
  const config = readUNetConfig("/m", () =>
    JSON.stringify({
      ...good,
      down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
      transformer_layers_per_block: [2, 1, 1],
    }),
  );
  expect(config.levels[0]).toMatchObject({
    attendsDown: false,
    attendsUp: true,
    heads: 2,
    depth: 2,
  });
});
