// Keys of a UNet in its original layout (ldm, sgm) → diffusers' keys. The original numbers all blocks in a row; where
// a level ends is told by its downsampler or upsampler, so no config is needed.
// Reference: diffusers src/diffusers/loaders/single_file_utils.py, convert_ldm_unet_checkpoint.
import type { KeyRule } from "./rename-keys.ts";

/** Of what comes before and after all blocks. */
export const stemRules: readonly KeyRule[] = [
  ["time_embed.0", "time_embedding.linear_1"],
  ["time_embed.2", "time_embedding.linear_2"],
  ["label_emb.0.0", "add_embedding.linear_1"],
  ["label_emb.0.2", "add_embedding.linear_2"],
  ["input_blocks.0.0", "conv_in"],
  ["out.0", "conv_norm_out"],
  ["out.2", "conv_out"],
];

/** `keys` are the UNet's, without a prefix. */
export function unetKeyRules(keys: ReadonlySet<string>): readonly KeyRule[] {
  return [
    ...stemRules,
    ...downRules(keys),
    ...blockRules("middle_block.0", "mid_block.resnets.0"),
    ["middle_block.1", "mid_block.attentions.0"],
    ...blockRules("middle_block.2", "mid_block.resnets.1"),
    ...upRules(keys),
  ];
}

function downRules(keys: ReadonlySet<string>): readonly KeyRule[] {
  const rules: KeyRule[] = [];
  let [level, layer] = [0, 0];
  for (const block of blocks(keys, "input_blocks").slice(1)) {
    const to = `down_blocks.${level}`;
    if (keys.has(`${block}.0.op.weight`)) {
      rules.push([`${block}.0.op`, `${to}.downsamplers.0.conv`]);
      [level, layer] = [level + 1, 0];
    } else {
      rules.push(...blockRules(`${block}.0`, `${to}.resnets.${layer}`));
      rules.push([`${block}.1`, `${to}.attentions.${layer}`]);
      layer += 1;
    }
  }
  return rules;
}

function upRules(keys: ReadonlySet<string>): readonly KeyRule[] {
  const rules: KeyRule[] = [];
  let [level, layer] = [0, 0];
  for (const block of blocks(keys, "output_blocks")) {
    const to = `up_blocks.${level}`;
    rules.push(...blockRules(`${block}.0`, `${to}.resnets.${layer}`));
    rules.push([`${block}.1`, `${to}.attentions.${layer}`]);
    layer += 1;
    // After the attention where the level has one.
    const last = [1, 2].map((place) => `${block}.${place}.conv`);
    const upsampler = last.find((name) => keys.has(`${name}.weight`));
    if (upsampler === undefined) continue;
    rules.push([upsampler, `${to}.upsamplers.0.conv`]);
    [level, layer] = [level + 1, 0];
  }
  return rules;
}

/** Of one residual block. */
export function blockRules(from: string, to: string): readonly KeyRule[] {
  return [
    [`${from}.in_layers.0`, `${to}.norm1`],
    [`${from}.in_layers.2`, `${to}.conv1`],
    [`${from}.emb_layers.1`, `${to}.time_emb_proj`],
    [`${from}.out_layers.0`, `${to}.norm2`],
    [`${from}.out_layers.3`, `${to}.conv2`],
    [`${from}.skip_connection`, `${to}.conv_shortcut`],
  ];
}

/** "input_blocks.0", "input_blocks.1" and so on, as many as there are. */
function blocks(keys: ReadonlySet<string>, name: string): readonly string[] {
  const found = new Set([...keys].map((key) => key.split(".").slice(0, 2).join(".")));
  return [...found].flatMap((_, index) =>
    found.has(`${name}.${index}`) ? [`${name}.${index}`] : [],
  );
}
