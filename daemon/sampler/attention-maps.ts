// Cross-attention maps between stages: merged over the network's levels, resized to the next stage's (method §6).
// Reference: camap_wrapper.py; `matrix` resizes as the published code does, `picture` as it means to.

import { resizeCells } from "../base/resize.ts";
import type { Size } from "../base/size.ts";
import type { Tensor } from "../base/tensor.ts";

/** One map [batch, pixels, tokens]; the pixels are the rows of `grid` one after the other. */
export interface AttentionMap {
  readonly grid: Size;
  readonly map: Tensor;
}

export type MapResize = "picture" | "matrix";

/** Size of a picture level: each level halves the one before, rounding up. */
export function gridOf(latent: Size, level: number): Size {
  const side = (cells: number): number => Math.ceil(cells / 2 ** level);
  return { width: side(latent.width), height: side(latent.height) };
}

/** The mean of all levels' maps at the largest level's size. */
export function mergeMaps(maps: readonly AttentionMap[], how: MapResize): AttentionMap {
  const largest = maps.reduce((most, map) => (cells(map.grid) > cells(most.grid) ? map : most));
  const sum = new Float32Array(largest.map.data.length);
  for (const map of maps) {
    const { data } = resizeMap(map, largest.grid, how);
    for (let index = 0; index < sum.length; index += 1)
      sum[index] = (sum[index] as number) + (data[index] as number);
  }
  const mean = sum.map((value) => value / maps.length);
  return { grid: largest.grid, map: { shape: largest.map.shape, data: mean } };
}

/** The map as a level of size `to` needs it: [batch, to.height · to.width, tokens]. */
export function resizeMap({ grid, map }: AttentionMap, to: Size, how: MapResize): Tensor {
  if (grid.width === to.width && grid.height === to.height) return map;
  if (how === "picture") return resizeCells(map, grid, to);
  // The published code takes (pixels × tokens) for a picture: its pixels are one column.
  return resizeCells(map, column(grid), column(to));
}

const cells = (grid: Size): number => grid.width * grid.height;
const column = (grid: Size): Size => ({ width: 1, height: cells(grid) });
