// Parameters of layers: how many numbers a network's weights are.
import type { Layer } from "./layer.ts";

export function countParameters(layers: readonly Layer[]): number {
  return layers.reduce((sum, layer) => sum + parametersOf(layer), 0);
}

function parametersOf(layer: Layer): number {
  switch (layer.kind) {
    case "convolution":
      return layer.kernel ** 2 * layer.in * layer.out + layer.out;
    case "linear":
      return layer.in * layer.out + (layer.bias === "with" ? layer.out : 0);
    case "norm":
      return 2 * layer.channels;
    case "table":
      return layer.entries * layer.width;
    case "attention":
    case "joint attention":
      return 0;
    default:
      return layer satisfies never;
  }
}
