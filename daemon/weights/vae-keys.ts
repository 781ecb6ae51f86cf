// Keys of a VAE in its original layout (ldm) → diffusers' keys. The original numbers the levels of the decoder from
// the picture's size down, diffusers in the order in which they are run.
// Reference: diffusers src/diffusers/loaders/single_file_utils.py, convert_ldm_vae_checkpoint.
import type { KeyRule } from "./rename-keys.ts";

/** `keys` are the VAE's, without a prefix. */
export function vaeKeyRules(keys: ReadonlySet<string>): readonly KeyRule[] {
  return [
    ["quant_conv", "quant_conv"],
    ["post_quant_conv", "post_quant_conv"],
    ...half(keys, { name: "encoder", from: "down", resample: "downsample", to: (level) => level }),
    ...half(keys, {
      name: "decoder",
      from: "up",
      resample: "upsample",
      to: (level, levels) => levels - 1 - level,
    }),
  ];
}

interface Half {
  readonly name: "encoder" | "decoder";
  readonly from: "down" | "up";
  readonly resample: "downsample" | "upsample";
  /** A level's number in diffusers. */
  to(level: number, levels: number): number;
}

function half(keys: ReadonlySet<string>, { name, from, resample, to }: Half): readonly KeyRule[] {
  const levels = counted(keys, `${name}.${from}`);
  return [
    [`${name}.conv_in`, `${name}.conv_in`],
    [`${name}.norm_out`, `${name}.conv_norm_out`],
    [`${name}.conv_out`, `${name}.conv_out`],
    ...middle(name),
    ...levels.flatMap((level) => {
      const old = `${name}.${from}.${level}`;
      const block = `${name}.${from}_blocks.${to(level, levels.length)}`;
      return [
        [`${old}.${resample}.conv`, `${block}.${resample}rs.0.conv`] as const,
        ...counted(keys, `${old}.block`).flatMap((layer) =>
          resnet(`${old}.block.${layer}`, `${block}.resnets.${layer}`),
        ),
      ];
    }),
  ];
}

function middle(name: string): readonly KeyRule[] {
  const [old, attention] = [`${name}.mid`, `${name}.mid_block.attentions.0`];
  return [
    ...resnet(`${old}.block_1`, `${name}.mid_block.resnets.0`),
    ...resnet(`${old}.block_2`, `${name}.mid_block.resnets.1`),
    [`${old}.attn_1.norm`, `${attention}.group_norm`],
    [`${old}.attn_1.q`, `${attention}.to_q`],
    [`${old}.attn_1.k`, `${attention}.to_k`],
    [`${old}.attn_1.v`, `${attention}.to_v`],
    [`${old}.attn_1.proj_out`, `${attention}.to_out.0`],
  ];
}

function resnet(from: string, to: string): readonly KeyRule[] {
  return [
    [from, to],
    [`${from}.nin_shortcut`, `${to}.conv_shortcut`],
  ];
}

/** 0, 1 and so on, as many as there are below `path`. */
function counted(keys: ReadonlySet<string>, path: string): readonly number[] {
  const below = [...keys].filter((key) => key.startsWith(`${path}.`));
  const found = new Set(below.map((key) => key.slice(path.length + 1).split(".")[0]));
  return [...found].flatMap((_, index) => (found.has(`${index}`) ? [index] : []));
}
