// Runs a VAE half over overlapping tiles and blends the seams.
// Reference: diffusers autoencoder_kl.py, tiled_encode and tiled_decode (overlap a quarter, linear blending).
import type { Tensor } from "../base/tensor.ts";

export interface TileSizes {
  /** Side of a tile going in and coming out, in cells of the input and of the output. */
  readonly input: number;
  readonly output: number;
}

const overlap = 0.25;

/** [n, c, h, w] → [n, c', h·output/input, w·output/input]; `run` maps one tile. */
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
  const bands: Tensor[] = [];
  for (let top = 0; top < height; top += stride) {
    const row: Tensor[] = [];
    for (let left = 0; left < width; left += stride) {
      const tile = await run(crop(x, { top, left, height: sizes.input, width: sizes.input }));
      blend(above[row.length], tile, extent, "down");
      blend(row.at(-1), tile, extent, "right");
      row.push(tile);
    }
    const kept = row.map((tile) => crop(tile, { top: 0, left: 0, height: keep, width: keep }));
    bands.push(join(kept, "right"));
    above = row;
  }
  return join(bands, "down");
}

interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The part of x inside the window; what lies outside x is left away. */
function crop(x: Tensor, window: Window): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const bottom = Math.min(height, window.top + window.height);
  const right = Math.min(width, window.left + window.width);
  const shape = [n, c, bottom - window.top, right - window.left];
  const data = new Float32Array(n * c * (bottom - window.top) * (right - window.left));
  let at = 0;
  for (let plane = 0; plane < n * c; plane += 1)
    for (let y = window.top; y < bottom; y += 1) {
      const start = (plane * height + y) * width;
      data.set(x.data.subarray(start + window.left, start + right), at);
      at += right - window.left;
    }
  return { shape, data };
}

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

/** Puts pictures side by side or one below the other. */
function join(parts: readonly Tensor[], direction: "down" | "right"): Tensor {
  const [n = 0, c = 0, firstHeight = 0, firstWidth = 0] = parts[0]?.shape ?? [];
  const total = (axis: number): number =>
    parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const height = direction === "down" ? total(2) : firstHeight;
  const width = direction === "right" ? total(3) : firstWidth;
  const data = new Float32Array(n * c * height * width);
  let top = 0;
  let left = 0;
  for (const part of parts) {
    const [, , partHeight = 0, partWidth = 0] = part.shape;
    for (let row = 0; row < n * c * partHeight; row += 1) {
      const plane = Math.floor(row / partHeight);
      const start = (plane * height + top + (row % partHeight)) * width + left;
      data.set(part.data.subarray(row * partWidth, (row + 1) * partWidth), start);
    }
    if (direction === "down") top += partHeight;
    else left += partWidth;
  }
  return { shape: [n, c, height, width], data };
}
