// What LoRAs add to the networks, as layers: each changed layer gets one into few channels and one out of them again.
import { mmditMapLevel } from "../../config/mmdit-config.ts";
import type { ModelConfig } from "../../config/model-config.ts";
import type { LoraFacts, LoraLayerFacts } from "../../config/read-lora.ts";
import { mapLevels } from "../../config/unet-config.ts";
import type { Layer, Rows } from "./layer.ts";
import type { NetworkLayers } from "./network-layers.ts";

/** `layers` with those of all `loras`. */
export function withLoraLayers(
  layers: NetworkLayers,
  model: ModelConfig,
  loras: readonly Pick<LoraFacts, "layers">[],
): NetworkLayers {
  const all = loras.flatMap((lora) => lora.layers);
  const isText = ({ component }: LoraLayerFacts): boolean => component.startsWith("text_encoder");
  const text = all.filter((layer) => isText(layer) && isBuilt(model, layer));
  const denoiser = all.filter((layer) => !isText(layer));
  const both = denoiser.filter(({ path }) => isBeforeText(model, path));
  const rowsOf = (path: string): Rows => denoiserRows(model, path);
  return {
    ...layers,
    text: [...layers.text, ...text.flatMap((layer) => pairOf(layer, "text"))],
    denoiser: [
      ...layers.denoiser,
      ...denoiser.flatMap((layer) => pairOf(layer, rowsOf(layer.path))),
    ],
    shared: [...layers.shared, ...both.flatMap((layer) => pairOf(layer, rowsOf(layer.path)))],
  };
}

function pairOf({ rank, in: width, out, kernel }: LoraLayerFacts, rows: Rows): readonly Layer[] {
  const up: Layer = { kind: "linear", rows, in: rank, out, bias: "without" };
  if (typeof rows === "number" && (kernel === 1 || kernel === 2 || kernel === 3))
    return [{ kind: "convolution", level: rows, in: width, out: rank, kernel }, up];
  return [{ kind: "linear", rows, in: width, out: rank, bias: "without" }, up];
}

/** SDXL's first text encoder is built without its last layer. */
function isBuilt(model: ModelConfig, { component, path }: LoraLayerFacts): boolean {
  const isCut = model.family === "sdxl" && component === "text_encoder";
  return !(isCut && path.includes(`encoder.layers.${model.text.layers - 1}.`));
}

function denoiserRows(model: ModelConfig, path: string): Rows {
  return model.family === "sd3" ? mmditRows(path) : unetRows(model.unet.levels.length - 1, path);
}

function mmditRows(path: string): Rows {
  if (/^time_text_embed\.|(^|\.)norm\w*\.linear$/.test(path)) return "once";
  return /^context_embedder$|\.(add_[qkv]_proj|to_add_out)$|\.ff_context\./.test(path)
    ? "text"
    : mmditMapLevel;
}

/** `last` is the smallest level. */
function unetRows(last: number, path: string): Rows {
  if (/^(time|add)_embedding\.|\.time_emb_proj$/.test(path)) return "once";
  if (/\.attn2\.to_[kv]$/.test(path)) return "text";
  const [, way, index] = /^(down|up)_blocks\.(\d+)\./.exec(path) ?? [];
  if (way === undefined) return path.startsWith("mid_block.") ? last : 0;
  const level = way === "down" ? Number(index) : last - Number(index);
  if (path.includes(".downsamplers.")) return level + 1;
  return path.includes(".upsamplers.") ? level - 1 : level;
}

/** Whether both sides of guidance share the layer: it comes before the first look at the text. */
function isBeforeText(model: ModelConfig, path: string): boolean {
  if (model.family === "sd3" || model.unet.addition !== null) return false;
  const looks = mapLevels(model.unet).find((level) => model.unet.levels[level]?.attendsDown);
  const first = looks ?? model.unet.levels.length;
  if (/^(conv_in|time_embedding\.\w+)$/.test(path)) return true;
  const [, level, rest = ""] = /^down_blocks\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (level === undefined || Number(level) > first) return false;
  return (
    Number(level) < first ||
    /^(resnets\.0\.|attentions\.0\.(proj_in$|transformer_blocks\.0\.attn1\.))/.test(rest)
  );
}
