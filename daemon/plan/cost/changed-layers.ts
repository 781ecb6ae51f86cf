// A UNet's layers as a variant of it computes them: on more cells, with larger kernels.
import type { UNetVariant } from "../../config/unet-variant.ts";
import type { Layer } from "./layer.ts";

export function changedLayers(
  layers: readonly Layer[],
  { convolutions }: UNetVariant,
): readonly Layer[] {
  return layers.map((layer) => {
    if (layer.kind !== "convolution" || layer.path === undefined) return layer;
    const change = convolutions[layer.path];
    if (change === undefined) return layer;
    const growth = (Math.ceil(change.factor) / change.factor) ** 2;
    return { ...layer, growth, kernel: change.disperses ? 5 : layer.kernel };
  });
}
