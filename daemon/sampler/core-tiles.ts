// A VAE half over tiles of which only the middle is kept, so that every kept cell has seen its surroundings: more work
// than blended tiles, and no seams (DemoFusion, pipeline_demofusion_sdxl.py, tiled_decode).
import { sizeOf, type Tensor } from "../base/tensor.ts";
import { borderOf, crop, pad } from "./crop.ts";

/** Cells of the input; a tile is `core + 2 · border` wide. `scale` is the output's cells for each of the input. */
export interface CoreTiles {
  readonly core: number;
  readonly border: number;
  readonly scale: number;
}

/** [n, c, h, w] → [n, c', h·scale, w·scale]; `run` maps one tile, zeros around the picture included. */
export async function runCoreTiles(
  x: Tensor,
  { core, border, scale }: CoreTiles,
  run: (tile: Tensor) => Promise<Tensor>,
): Promise<Tensor> {
  const [, , height = 0, width = 0] = x.shape;
  const side = core + 2 * border;
  const padded = pad(x, borderOf(border));
  const [rows, columns] = [coresAlong(height, core), coresAlong(width, core)];
  let result: Tensor | undefined;
  for (const top of rows.starts)
    for (const left of columns.starts) {
      const tile = await run(crop(padded, { top, left, height: side, width: side }));
      const [n = 0, c = 0] = tile.shape;
      const shape = [n, c, height * scale, width * scale];
      result ??= { shape, data: new Float32Array(sizeOf(shape)) };
      const middle = { top: border * scale, left: border * scale };
      const kept = { ...middle, height: rows.kept * scale, width: columns.kept * scale };
      add(crop(tile, kept), result, top * scale, left * scale);
    }
  if (result === undefined) throw new Error("core tiles: must have a picture of at least one cell");
  for (let at = 0; at < result.data.length; at += 1) {
    const column = Math.floor((at % (width * scale)) / scale);
    const row = Math.floor(Math.floor(at / (width * scale)) / scale) % height;
    const count = (rows.covered[row] as number) * (columns.covered[column] as number);
    result.data[at] = (result.data[at] as number) / count;
  }
  return result;
}

/** Along one side: where cores begin, their length, and how many cores cover each cell. */
interface Cores {
  readonly starts: readonly number[];
  readonly kept: number;
  readonly covered: readonly number[];
}

/** The last core is pushed back to the border, where it covers cells of the one before. */
function coresAlong(length: number, core: number): Cores {
  const kept = Math.min(core, length);
  const count = Math.ceil(length / core);
  const starts = Array.from({ length: count }, (_, index) => Math.min(index * core, length - kept));
  const covered = Array.from(
    { length },
    (_, cell) => starts.filter((start) => start <= cell && cell < start + kept).length,
  );
  return { starts, kept, covered };
}

function add(part: Tensor, target: Tensor, top: number, left: number): void {
  const [n = 0, c = 0, height = 0, width = 0] = part.shape;
  const [, , allHeight = 0, allWidth = 0] = target.shape;
  for (let line = 0; line < n * c * height; line += 1) {
    const row = Math.floor(line / height) * allHeight + top + (line % height);
    const start = row * allWidth + left;
    for (let column = 0; column < width; column += 1)
      target.data[start + column] =
        (target.data[start + column] as number) + (part.data[line * width + column] as number);
  }
}
