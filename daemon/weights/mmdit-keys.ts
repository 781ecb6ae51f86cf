// Keys of Stable Diffusion 3's MMDiT in its original layout → diffusers' keys. What the original joins in one tensor (qkv)
// is cut in open-checkpoint.ts; where it says a norm's shift before its scale, the key says so, for the graph to know.
// Reference: diffusers src/diffusers/loaders/single_file_utils.py, convert_sd3_transformer_checkpoint_to_diffusers.
import type { KeyRule } from "./rename-keys.ts";

const stem: readonly KeyRule[] = [
  ["pos_embed", "pos_embed.pos_embed"],
  ["x_embedder.proj", "pos_embed.proj"],
  ["t_embedder.mlp.0", "time_text_embed.timestep_embedder.linear_1"],
  ["t_embedder.mlp.2", "time_text_embed.timestep_embedder.linear_2"],
  ["y_embedder.mlp.0", "time_text_embed.text_embedder.linear_1"],
  ["y_embedder.mlp.2", "time_text_embed.text_embedder.linear_2"],
  ["context_embedder", "context_embedder"],
  ["final_layer.adaLN_modulation.1", "norm_out.shift_first"],
  ["final_layer.linear", "proj_out"],
];

/** `keys` are the MMDiT's, without a prefix. */
export function mmditKeyRules(keys: ReadonlySet<string>): readonly KeyRule[] {
  const blocks = blocksOf(keys);
  const last = Math.max(...blocks);
  return [...stem, ...blocks.flatMap((index) => block(index, index === last))];
}

function blocksOf(keys: ReadonlySet<string>): readonly number[] {
  const found = [...keys].flatMap((key) => /^joint_blocks\.(\d+)\./.exec(key)?.[1] ?? []);
  return [...new Set(found)].map(Number);
}

/** In the last block nobody reads the text after its attention, so that its norm is one of no branch. */
function block(index: number, isLast: boolean): readonly KeyRule[] {
  const to = `transformer_blocks.${index}`;
  const [image, text] = ["x_block", "context_block"].map((name) => `joint_blocks.${index}.${name}`);
  return [
    [`${image}.adaLN_modulation.1`, `${to}.norm1.linear`],
    ...attention(`${image}.attn`, `${to}.attn`),
    ...attention(`${image}.attn2`, `${to}.attn2`),
    ...feedForward(`${image}.mlp`, `${to}.ff`),
    [`${text}.adaLN_modulation.1`, `${to}.norm1_context.${isLast ? "shift_first" : "linear"}`],
    [`${text}.attn.qkv`, `${to}.attn.add_qkv`],
    [`${text}.attn.proj`, `${to}.attn.to_add_out`],
    [`${text}.attn.ln_q`, `${to}.attn.norm_added_q`],
    [`${text}.attn.ln_k`, `${to}.attn.norm_added_k`],
    ...feedForward(`${text}.mlp`, `${to}.ff_context`),
  ];
}

function attention(from: string, to: string): readonly KeyRule[] {
  return [
    [`${from}.qkv`, `${to}.qkv`],
    [`${from}.proj`, `${to}.to_out.0`],
    [`${from}.ln_q`, `${to}.norm_q`],
    [`${from}.ln_k`, `${to}.norm_k`],
  ];
}

function feedForward(from: string, to: string): readonly KeyRule[] {
  return [
    [`${from}.fc1`, `${to}.net.0.proj`],
    [`${from}.fc2`, `${to}.net.2`],
  ];
}
