// Keys of open_clip's text encoder → transformers' keys. What open_clip joins in one tensor is cut in open-checkpoint.ts.
// Reference: diffusers src/diffusers/loaders/single_file_utils.py, convert_open_clip_checkpoint.
import type { KeyRule } from "./rename-keys.ts";

/** `keys` are the encoder's, without a prefix. */
export function openClipKeyRules(keys: ReadonlySet<string>): readonly KeyRule[] {
  return [
    ["token_embedding", "text_model.embeddings.token_embedding"],
    ["positional_embedding", "text_model.embeddings.position_embedding.weight"],
    ["ln_final", "text_model.final_layer_norm"],
    // Stored as [in, out], which the graph knows by this name.
    ["text_projection", "text_projection"],
    ...layersOf(keys).flatMap(layer),
  ];
}

function layersOf(keys: ReadonlySet<string>): readonly string[] {
  const found = [...keys].flatMap((key) => /^transformer\.resblocks\.(\d+)\./.exec(key)?.[1] ?? []);
  return [...new Set(found)];
}

function layer(index: string): readonly KeyRule[] {
  const [from, to] = [`transformer.resblocks.${index}`, `text_model.encoder.layers.${index}`];
  return [
    [`${from}.ln_1`, `${to}.layer_norm1`],
    [`${from}.ln_2`, `${to}.layer_norm2`],
    [`${from}.mlp.c_fc`, `${to}.mlp.fc1`],
    [`${from}.mlp.c_proj`, `${to}.mlp.fc2`],
    [`${from}.attn`, `${to}.self_attn`],
  ];
}
