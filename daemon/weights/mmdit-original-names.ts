// What the original layout (Stability's sd3 reference, ComfyUI, kohya) calls a layer of an MMDiT whose keys are diffusers'.
// Queries, keys and values are one layer there, and two norms have scale and shift the other way round.
// Reference: diffusers scripts/convert_sd3_to_diffusers.py.

/** A layer's name, and which rows of the layer called so are its own, in its order: equal parts of all rows. */
export interface OriginalName {
  readonly name: string;
  readonly rows: readonly { readonly part: number; readonly of: number }[];
}

/** `paths` are those of all its layers. */
export function mmditOriginalNames(
  paths: ReadonlySet<string>,
): (path: string) => OriginalName | undefined {
  const numbers = [...paths].flatMap(
    (path) => /^transformer_blocks\.(\d+)\./.exec(path)?.[1] ?? [],
  );
  const last = Math.max(...numbers.map(Number));
  return (path) => {
    const outside = outsideBlocks[path];
    if (outside !== undefined) return outside;
    const [, index, layer = ""] = /^transformer_blocks\.(\d+)\.(.+)$/.exec(path) ?? [];
    const inside = insideBlocks[layer];
    if (inside === undefined) return undefined;
    const isSwapped = layer === "norm1_context.linear" && Number(index) === last;
    const rows = isSwapped ? swappedHalves : inside.rows;
    return { name: `joint_blocks.${index}.${inside.name}`, rows };
  };
}

/** The rows as they are. */
export const allRows = [{ part: 0, of: 1 }];

/** The second half before the first. */
export const swappedHalves = [
  { part: 1, of: 2 },
  { part: 0, of: 2 },
];

const all = (name: string): OriginalName => ({ name, rows: allRows });
const third = (name: string, part: number): OriginalName => ({ name, rows: [{ part, of: 3 }] });

const outsideBlocks: Readonly<Record<string, OriginalName>> = {
  "pos_embed.proj": all("x_embedder.proj"),
  context_embedder: all("context_embedder"),
  "time_text_embed.timestep_embedder.linear_1": all("t_embedder.mlp.0"),
  "time_text_embed.timestep_embedder.linear_2": all("t_embedder.mlp.2"),
  "time_text_embed.text_embedder.linear_1": all("y_embedder.mlp.0"),
  "time_text_embed.text_embedder.linear_2": all("y_embedder.mlp.2"),
  "norm_out.linear": { name: "final_layer.adaLN_modulation.1", rows: swappedHalves },
  proj_out: all("final_layer.linear"),
};

const insideBlocks: Readonly<Record<string, OriginalName>> = {
  "norm1.linear": all("x_block.adaLN_modulation.1"),
  "norm1_context.linear": all("context_block.adaLN_modulation.1"),
  "attn.to_q": third("x_block.attn.qkv", 0),
  "attn.to_k": third("x_block.attn.qkv", 1),
  "attn.to_v": third("x_block.attn.qkv", 2),
  "attn.to_out.0": all("x_block.attn.proj"),
  "attn.add_q_proj": third("context_block.attn.qkv", 0),
  "attn.add_k_proj": third("context_block.attn.qkv", 1),
  "attn.add_v_proj": third("context_block.attn.qkv", 2),
  "attn.to_add_out": all("context_block.attn.proj"),
  "attn2.to_q": third("x_block.attn2.qkv", 0),
  "attn2.to_k": third("x_block.attn2.qkv", 1),
  "attn2.to_v": third("x_block.attn2.qkv", 2),
  "attn2.to_out.0": all("x_block.attn2.proj"),
  "ff.net.0.proj": all("x_block.mlp.fc1"),
  "ff.net.2": all("x_block.mlp.fc2"),
  "ff_context.net.0.proj": all("context_block.mlp.fc1"),
  "ff_context.net.2": all("context_block.mlp.fc2"),
};
