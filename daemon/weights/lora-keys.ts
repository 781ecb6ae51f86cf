// What a tensor of a LoRA file is, told by its key alone: which layer it belongs to, as the file calls it, and what it is
// there. Knows kohya's, peft's and diffusers' older layouts, and those of other methods by name.

/** Of a layer y = W·x, the LoRA adds alpha / rank · up(down(x)). */
export type LoraPart = "down" | "up" | "alpha";

export type LoraKey =
  /** `layer` has "_" in place of ".", for kohya's keys know no difference. */
  | { readonly kind: "part"; readonly layer: string; readonly part: LoraPart }
  | { readonly kind: "other method"; readonly method: string }
  | { readonly kind: "unknown" };

export function readLoraKey(key: string): LoraKey {
  const other = otherMethods.find(([pattern]) => pattern.test(key));
  if (other !== undefined) return { kind: "other method", method: other[1] };
  for (const [pattern, part] of parts) {
    const layer = pattern.exec(key)?.[1];
    if (layer !== undefined) return { kind: "part", layer: flat(layer), part };
  }
  return { kind: "unknown" };
}

/** Whether only a LoRA, or one of its relatives LoHa, LoKr and OFT, has such a key. */
export function isLoraKey(key: string): boolean {
  return loraMark.test(key);
}

const loraMark =
  /^lora_|\.lora[._](up|down|A|B|linear_layer)\b|\.(hada_w1_a|lokr_w1|lokr_w1_a|oft_blocks)$/;

/** A path with "_" in place of ".". */
export function flat(path: string): string {
  return path.replaceAll(".", "_");
}

/** What stands between a layer and ".weight": kohya's, peft's (with the adapter's name or without), diffusers' own. */
const down = "\\.(?:lora_down|lora_A|lora_A\\.[\\w-]+|lora\\.down|lora_linear_layer\\.down)";
const up = down.replaceAll("down", "up").replaceAll("_A", "_B");

const parts: readonly (readonly [RegExp, LoraPart])[] = [
  [new RegExp(`^(.+)${down}\\.weight$`), "down"],
  [new RegExp(`^(.+)${up}\\.weight$`), "up"],
  // The oldest layout, where an attention's processor held its LoRAs: "attn1.processor.to_q_lora.down.weight".
  [/^(.+)_lora\.down\.weight$/, "down"],
  [/^(.+)_lora\.up\.weight$/, "up"],
  [/^(.+?)(?:_lora|\.lora)?\.alpha$/, "alpha"],
];

const otherMethods: readonly (readonly [RegExp, string])[] = [
  [/\.(dora_scale|lora_magnitude_vector)(\.|$)/, "DoRA"],
  [/\.hada_/, "LoHa"],
  [/\.lokr_/, "LoKr"],
  [/\.lora_mid\.weight$/, "LoCon with a third matrix (Tucker decomposition)"],
  [/\.(oft_blocks|oft_diag|oft_R)(\.|$)/, "OFT"],
  [/\.(diff|diff_b)$/, "full differences of weights"],
  [/lora_embedding_[AB]|^bundle_emb\./, "embeddings of words"],
  [/^(lora_te3_|text_encoder_3\.)/, "the T5 text encoder"],
];
