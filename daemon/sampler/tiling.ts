// Runs a VAE half over overlapping tiles and blends the seams.
// Reference: diffusers autoencoder_kl.py, tiled_encode and tiled_decode (overlap a quarter, linear blending).
import { sizeOf, type Tensor } from "../base/tensor.ts";
import { crop, type Window } from "./crop.ts";

export interface TileSizes {
  /** Side of a tile going in and coming out, in cells of the input and of the output. */
  readonly input: number;
  readonly output: number;
}

const overlap = 0.25;

/** [n, c, h, w] → [n, c', h·output/input, w·output/input]; `run` maps one tile. The result is in memory once. */
export async function runTiled(
  x: Tensor,
  sizes: TileSizes,
  run: (tile: Tensor) => Promise<Tensor>,
): Promise<Tensor> {
  const [, , height = 0, width = 0] = x.shape;
  const stride = Math.trunc(sizes.input * (1 - overlap));
  const extent = Math.trunc(sizes.output * overlap);
  const keep = sizes.output - extent;
  let above: readonly Tensor[] = [];
  let result: Tensor | undefined;
  for (let top = 0, line = 0; top < height; top += stride, line += keep) {
    const row: Tensor[] = [];
    let left: Tensor | undefined;
    for (let column = 0; column < width; column += stride) {
      const place = { top, left: column, height: sizes.input, width: sizes.input };
      const tile = await run(crop(x, place));
      blend(above[row.length], tile, extent, "down");
      blend(left, tile, extent, "right");
      result ??= emptyLike(tile, x.shape, sizes);
      const start = { top: line, left: row.length * keep };
      put(tile, result, { ...start, height: keep, width: keep });
      // Of the row above, only what fades into this one is still needed.
      row.push(bottomOf(tile, extent));
      left = tile;
    }
    above = row;
  }
  if (result === undefined) throw new Error("tiling: must have a picture of at least one cell");
  return result;
}

/** As large as the tiles together. */
function emptyLike(
  tile: Tensor,
  [, , height = 0, width = 0]: readonly number[],
  sizes: TileSizes,
): Tensor {
  const [n = 0, c = 0] = tile.shape;
  const scaled = (cells: number): number => Math.round((cells * sizes.output) / sizes.input);
  const shape = [n, c, scaled(height), scaled(width)];
  return { shape, data: new Float32Array(sizeOf(shape)) };
}

const bottomOf = (tile: Tensor, extent: number): Tensor => {
  const [, , height = 0, width = 0] = tile.shape;
  const lines = Math.min(extent, height);
  return crop(tile, { top: height - lines, left: 0, height: lines, width });
};

/** Fades `tile` in over the last `extent` rows or columns of its neighbour, in place. */
function blend(
  neighbour: Tensor | undefined,
  tile: Tensor,
  extent: number,
  direction: "down" | "right",
): void {
  if (neighbour === undefined) return;
  const span = Math.min(extent, sideOf(tile, direction), sideOf(neighbour, direction));
  const to = seam(tile, direction);
  const from = seam(neighbour, direction);
  const fromStart = (sideOf(neighbour, direction) - span) * from.across;
  for (let plane = 0; plane < to.planes; plane += 1)
    for (let line = 0; line < to.lines; line += 1) {
      const toLine = plane * to.plane + line * to.along;
      const fromLine = plane * from.plane + line * from.along + fromStart;
      for (let step = 0; step < span; step += 1) {
        const at = toLine + step * to.across;
        const other = neighbour.data[fromLine + step * from.across] as number;
        const share = step / span;
        tile.data[at] = other * (1 - share) + (tile.data[at] as number) * share;
      }
    }
}

/** How to walk along a seam and across it, as distances in the data. */
function seam(x: Tensor, direction: "down" | "right") {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const planes = { planes: n * c, plane: height * width };
  return direction === "down"
    ? { ...planes, lines: width, along: 1, across: width }
    : { ...planes, lines: height, along: width, across: 1 };
}

const sideOf = (x: Tensor, direction: "down" | "right"): number =>
  x.shape[direction === "down" ? 2 : 3] as number;

/** Copies the first rows and columns of `tile` to the window of `target`, as far as both reach. */
function put(tile: Tensor, target: Tensor, window: Window): void {
  const [n = 0, c = 0, height = 0, width = 0] = target.shape;
  const [, , tileHeight = 0, tileWidth = 0] = tile.shape;
  const lines = Math.min(window.height, tileHeight, height - window.top);
  const columns = Math.min(window.width, tileWidth, width - window.left);
  for (let plane = 0; plane < n * c; plane += 1)
    for (let line = 0; line < lines; line += 1) {
      const from = (plane * tileHeight + line) * tileWidth;
      const to = (plane * height + window.top + line) * width + window.left;
      target.data.set(tile.data.subarray(from, from + columns), to);
    }
}
