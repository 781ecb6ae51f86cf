// Latents as small pictures: each cell's colour is nearly a linear function of its channels, another one for each VAE.
// For looking at a run while it goes on; nothing of it enters a result.
import type { LatentMap } from "../base/latent-maps-file.ts";
import type { Tensor } from "../base/tensor.ts";
import type { VaeConfig } from "../config/vae-config.ts";
import type { Picture } from "../image/picture.ts";

/** What a latent map belongs to: VAEs that were trained for one latent space share it, however they were tuned. */
export function latentSpaceOf(config: VaeConfig): string {
  return `${config.latentChannels} ${config.scalingFactor} ${config.shiftFactor}`;
}

/**
 * The map that comes nearest to `picture` [n, 3, h·k, w·k] from its scaled latent [n, c, h, w], by least squares over
 * all cells; a cell's colour is the mean of its pixels.
 */
export function fitLatentMap(latent: Tensor, picture: Tensor): LatentMap {
  const [n = 0, channels = 0, height = 0, width = 0] = latent.shape;
  const cells = height * width;
  const colours = shrink(picture, { height, width });
  const size = channels + 1;
  const normal = Array.from({ length: size }, () => new Float64Array(size + 3));
  const row = new Float64Array(size + 3);
  for (let cell = 0; cell < n * cells; cell += 1) {
    const item = Math.floor(cell / cells);
    const at = cell % cells;
    for (let channel = 0; channel < channels; channel += 1)
      row[channel] = latent.data[(item * channels + channel) * cells + at] as number;
    row[channels] = 1;
    for (let colour = 0; colour < 3; colour += 1)
      row[size + colour] = colours[(item * 3 + colour) * cells + at] as number;
    addProducts(normal, row);
  }
  solve(normal);
  return [0, 1, 2].map((colour) => normal.map((line) => line[size + colour] as number));
}

/** The first image of a scaled latent [n, c, h, w], a pixel for each cell. */
export function showLatent({ shape, data }: Tensor, map: LatentMap): Picture {
  const [, channels = 0, height = 0, width = 0] = shape;
  const cells = height * width;
  const rgb = new Uint8Array(cells * 3);
  for (const [colour, weights] of map.entries())
    for (let cell = 0; cell < cells; cell += 1) {
      let value = weights[channels] ?? 0;
      for (let channel = 0; channel < channels; channel += 1)
        value += (weights[channel] ?? 0) * (data[channel * cells + cell] as number);
      rgb[cell * 3 + colour] = toByte(value);
    }
  return { width, height, rgb };
}

/** The first image of a picture [n, 3, h, w], −1..1, no side longer than `mostPx`. */
export function showPicture(picture: Tensor, mostPx: number): Picture {
  const [, , fullHeight = 0, fullWidth = 0] = picture.shape;
  const factor = Math.max(1, Math.ceil(Math.max(fullHeight, fullWidth) / mostPx));
  const [height, width] = [Math.floor(fullHeight / factor), Math.floor(fullWidth / factor)];
  const plane = fullHeight * fullWidth;
  const first = { shape: [1, 3, fullHeight, fullWidth], data: picture.data.subarray(0, 3 * plane) };
  const colours = shrink(first, { height, width });
  const rgb = new Uint8Array(height * width * 3);
  for (let colour = 0; colour < 3; colour += 1)
    for (let pixel = 0; pixel < height * width; pixel += 1)
      rgb[pixel * 3 + colour] = toByte(colours[colour * height * width + pixel] as number);
  return { width, height, rgb };
}

const toByte = (value: number): number =>
  Math.min(255, Math.max(0, Math.round((value + 1) * 127.5)));

/** Means of blocks of pixels: [n, 3, h, w] → [n, 3, to.height, to.width]. What does not fill a block is left out. */
function shrink(
  { shape, data }: Tensor,
  to: { readonly height: number; readonly width: number },
): Float32Array {
  const [n = 0, c = 0, height = 0, width = 0] = shape;
  const [tall, wide] = [Math.floor(height / to.height), Math.floor(width / to.width)];
  const out = new Float32Array(n * c * to.height * to.width);
  for (let plane = 0; plane < n * c; plane += 1)
    for (let y = 0; y < to.height * tall; y += 1) {
      const from = (plane * height + y) * width;
      const into = (plane * to.height + Math.floor(y / tall)) * to.width;
      for (let x = 0; x < to.width * wide; x += 1)
        out[into + Math.floor(x / wide)] =
          (out[into + Math.floor(x / wide)] as number) + (data[from + x] as number) / (tall * wide);
    }
  return out;
}

/** Adds rowᵀ·row to the normal equations; the last three columns are the right sides. */
function addProducts(normal: readonly Float64Array[], row: Float64Array): void {
  for (const [index, line] of normal.entries())
    for (let column = 0; column < line.length; column += 1)
      line[column] = (line[column] as number) + (row[index] as number) * (row[column] as number);
}

/** Gauss and Jordan with pivots, in place. A channel that says nothing gets the weight 0. */
function solve(lines: Float64Array[]): void {
  for (let pivot = 0; pivot < lines.length; pivot += 1) {
    const best = lines
      .slice(pivot)
      .reduce((most, line) =>
        Math.abs(line[pivot] ?? 0) > Math.abs(most[pivot] ?? 0) ? line : most,
      );
    const at = lines.indexOf(best);
    [lines[at], lines[pivot]] = [lines[pivot] as Float64Array, best];
    const scale = best[pivot] as number;
    const isEmpty = Math.abs(scale) < 1e-9;
    for (let column = 0; column < best.length; column += 1)
      best[column] = isEmpty ? 0 : (best[column] as number) / scale;
    if (!isEmpty) eliminate(lines, best, pivot);
  }
}

function eliminate(lines: readonly Float64Array[], best: Float64Array, pivot: number): void {
  for (const line of lines) {
    const factor = line[pivot] as number;
    if (line === best || factor === 0) continue;
    for (let column = pivot; column < line.length; column += 1)
      line[column] = (line[column] as number) - factor * (best[column] as number);
  }
}
