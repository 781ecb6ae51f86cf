// Floating point operations of layers; a multiply-add is 2. Biases, norms and activations are not counted.
import { countRows, type Grid, type Layer } from "./layer.ts";

/** Operations of one call. */
export function countFlops(layers: readonly Layer[], grid: Grid): number {
  let sum = 0;
  for (const layer of layers) sum += flopsOf(layer, grid);
  return sum * grid.batch;
}

/**
 * Operations of one product over all maps of the picture's looks at the text in a call: reusing a map costs one
 * (map·V, method §6), collecting costs one (QKᵀ once more, outside the fused attention).
 */
export function countMapFlops(layers: readonly Layer[], grid: Grid): number {
  const cross = layers.flatMap((layer): Layer[] => {
    if (layer.kind === "attention" && layer.keys === "text") return [layer];
    if (layer.kind !== "joint attention") return [];
    const { level: rows, channels, heads } = layer;
    return [{ kind: "attention", rows, keys: "text", channels, heads }];
  });
  return countFlops(cross, grid) / 2;
}

function flopsOf(layer: Layer, grid: Grid): number {
  switch (layer.kind) {
    case "convolution": {
      const cells = countRows(layer.level, grid) * (layer.growth ?? 1);
      return 2 * cells * layer.kernel ** 2 * layer.in * layer.out;
    }
    case "linear":
      return 2 * countRows(layer.rows, grid) * layer.in * layer.out;
    case "attention": {
      const rows = countRows(layer.rows, grid);
      const keys = layer.keys === "own" ? rows : grid.tokens;
      return 4 * rows * keys * layer.channels;
    }
    case "joint attention":
      return 4 * (countRows(layer.level, grid) + grid.tokens) ** 2 * layer.channels;
    case "norm":
    case "table":
      return 0;
    default:
      return layer satisfies never;
  }
}
