// Files that lie among checkpoints and are no models by themselves, told by the keys of their tensors.
import { isLoraKey } from "../weights/lora-keys.ts";

/** What such a file holds. */
export type ModelPart = "LoRA" | "VAE" | "ControlNet" | "embedding";

/** null for what may be a whole model. */
export function partIn(keys: readonly string[]): ModelPart | null {
  if (keys.some(isLoraKey)) return "LoRA";
  if (keys.some((key) => isControlNet.test(key))) return "ControlNet";
  const own = keys.filter((key) => !/^(model_ema|loss)\./.test(key));
  if (own.length === 0) return null;
  if (own.every((key) => isVae.test(key))) return "VAE";
  return own.every((key) => isEmbedding.test(key)) ? "embedding" : null;
}

const isControlNet = /^(control_model|controlnet_cond_embedding|controlnet_down_blocks)\./;
const isVae = /^(first_stage_model\.)?(encoder|decoder|quant_conv|post_quant_conv)\./;
/** Textual inversion. */
const isEmbedding = /^(emb_params|clip_[lg]|string_to_param(\..*)?|<.*>)$/;
