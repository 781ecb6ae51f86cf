// The keys and tensors of a golden Stable Diffusion 3's MMDiT in its original layout: projections joined, and shift before
// scale in the two norms of no branch.
import type { Tensor } from "../../daemon/base/tensor.ts";

type Tensors = ReadonlyMap<string, Tensor>;

/** By the original's keys, without a prefix. */
export function originalMmdit(tensors: Tensors): Tensors {
  const last = Math.max(...[...tensors.keys()].map((key) => Number(key.split(".")[1]) || 0));
  const found = new Map<string, Tensor>();
  for (const [key, tensor] of tensors) {
    const [, block, kind] = /^(.+\.attn2?)\.(?:to_q|add_q_proj)\.(weight|bias)$/.exec(key) ?? [];
    const isFirst = block !== undefined;
    const isOther = /\.(to_[kv]|add_[kv]_proj)\./.test(key);
    const swaps = new RegExp(`^(norm_out|transformer_blocks\\.${last}\\.norm1_context)\\.`).test(
      key,
    );
    if (isFirst) found.set(rename(`${block}.${qkv(key)}.${kind}`), joined(tensors, key));
    else if (!isOther) found.set(rename(key), swaps ? swapped(tensor) : tensor);
  }
  return found;
}

const qkv = (key: string): string => (key.includes("add_q") ? "add_qkv" : "qkv");

function joined(tensors: Tensors, key: string): Tensor {
  const three = ["q", "k", "v"].map(
    (name) =>
      tensors.get(key.replace("to_q", `to_${name}`).replace("add_q", `add_${name}`)) as Tensor,
  );
  const [rows = 0, ...rest] = three[0]?.shape ?? [];
  const data = Float32Array.from(three.flatMap((tensor) => [...tensor.data]));
  return { shape: [rows * 3, ...rest], data };
}

/** The two halves of its rows the other way round. */
function swapped({ shape, data }: Tensor): Tensor {
  const half = data.length / 2;
  return { shape, data: Float32Array.from([...data.subarray(half), ...data.subarray(0, half)]) };
}

function rename(key: string): string {
  return key
    .replace(/^transformer_blocks\.(\d+)\./, "joint_blocks.$1.")
    .replace(/\.norm1\.linear\./, ".x_block.adaLN_modulation.1.")
    .replace(/\.norm1_context\.linear\./, ".context_block.adaLN_modulation.1.")
    .replace(/\.(attn2?)\.qkv\./, ".x_block.$1.qkv.")
    .replace(/\.attn\.add_qkv\./, ".context_block.attn.qkv.")
    .replace(/\.attn\.to_add_out\./, ".context_block.attn.proj.")
    .replace(/\.attn\.norm_added_(q|k)\./, ".context_block.attn.ln_$1.")
    .replace(/\.(attn2?)\.to_out\.0\./, ".x_block.$1.proj.")
    .replace(/\.(attn2?)\.norm_(q|k)\./, ".x_block.$1.ln_$2.")
    .replace(/\.ff\.net\.0\.proj\./, ".x_block.mlp.fc1.")
    .replace(/\.ff\.net\.2\./, ".x_block.mlp.fc2.")
    .replace(/\.ff_context\.net\.0\.proj\./, ".context_block.mlp.fc1.")
    .replace(/\.ff_context\.net\.2\./, ".context_block.mlp.fc2.")
    .replace("time_text_embed.timestep_embedder.linear_1", "t_embedder.mlp.0")
    .replace("time_text_embed.timestep_embedder.linear_2", "t_embedder.mlp.2")
    .replace("time_text_embed.text_embedder.linear_1", "y_embedder.mlp.0")
    .replace("time_text_embed.text_embedder.linear_2", "y_embedder.mlp.2")
    .replace("pos_embed.proj", "x_embedder.proj")
    .replace("pos_embed.pos_embed", "pos_embed")
    .replace("norm_out.linear", "final_layer.adaLN_modulation.1")
    .replace("proj_out.", "final_layer.linear.");
}
