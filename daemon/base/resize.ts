// Enlarging and shrinking, as torch.nn.functional.interpolate does.
import type { Size } from "./size.ts";
import type { Tensor } from "./tensor.ts";

/** Bilinear, align_corners false, no antialias: [n, c, h, w] → [n, c, to.height, to.width]. */
export function resizeBilinear(x: Tensor, to: Size): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const planes = { count: n * c, from: { width, height }, to, depth: 1 };
  return { shape: [n, c, to.height, to.width], data: bilinear(x.data, planes) };
}

/** The same over the cells of a grid whose cells hold `depth` values: [n, h·w, depth]. */
export function resizeCells(x: Tensor, from: Size, to: Size): Tensor {
  const [n = 0, , depth = 0] = x.shape;
  const planes = { count: n, from, to, depth };
  return { shape: [n, to.height * to.width, depth], data: bilinear(x.data, planes) };
}

/** Nearest neighbour: [n, c, h, w] → [n, c, to.height, to.width]. */
export function resizeNearest(x: Tensor, to: Size): Tensor {
  const [n = 0, c = 0, height = 0, width = 0] = x.shape;
  const data = new Float32Array(n * c * to.height * to.width);
  const columns = nearestPlaces(width, to.width);
  const rows = nearestPlaces(height, to.height);
  for (let row = 0, at = 0; row < n * c * to.height; row += 1) {
    const plane = Math.floor(row / to.height);
    const source = (plane * height + (rows[row % to.height] as number)) * width;
    for (const column of columns) data[at++] = x.data[source + column] as number;
  }
  return { shape: [n, c, to.height, to.width], data };
}

/** The source's index for each index of the target. */
function nearestPlaces(from: number, to: number): readonly number[] {
  // Torch multiplies in float32, which for some sizes falls just below a whole number that it should meet.
  const scale = Math.fround(from / to);
  return Array.from({ length: to }, (_, index) =>
    Math.min(Math.floor(Math.fround(index * scale)), from - 1),
  );
}

interface Planes {
  readonly count: number;
  readonly from: Size;
  readonly to: Size;
  /** Values side by side in each cell. */
  readonly depth: number;
}

function bilinear(source: Float32Array, { count, from, to, depth }: Planes): Float32Array {
  const rows = taps(from.height, to.height);
  const columns = taps(from.width, to.width);
  const target = new Float32Array(count * to.height * to.width * depth);
  let at = 0;
  for (let plane = 0; plane < count; plane += 1)
    for (const row of rows) {
      const start = plane * from.height;
      const above = (start + row.first) * from.width;
      const below = (start + row.second) * from.width;
      for (const column of columns) {
        const corners = [
          (above + column.first) * depth,
          (above + column.second) * depth,
          (below + column.first) * depth,
          (below + column.second) * depth,
        ] as const;
        mixCell(source, corners, { target, at, depth, row: row.share, column: column.share });
        at += depth;
      }
    }
  return target;
}

/** One cell of the target: its four neighbours in the source by their shares. */
function mixCell(
  source: Float32Array,
  [a, b, c, d]: readonly [number, number, number, number],
  cell: {
    readonly target: Float32Array;
    readonly at: number;
    readonly depth: number;
    readonly row: number;
    readonly column: number;
  },
): void {
  const { target, at, depth, row, column } = cell;
  for (let index = 0; index < depth; index += 1) {
    const top =
      (source[a + index] as number) * (1 - column) + (source[b + index] as number) * column;
    const low =
      (source[c + index] as number) * (1 - column) + (source[d + index] as number) * column;
    target[at + index] = top * (1 - row) + low * row;
  }
}

/** Two neighbours of the source for each index of the target, and the share of the second. */
interface Tap {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function taps(from: number, to: number): readonly Tap[] {
  return Array.from({ length: to }, (_, index) => {
    const place = Math.max(0, ((index + 0.5) * from) / to - 0.5);
    const first = Math.min(Math.floor(place), from - 1);
    return { first, second: Math.min(first + 1, from - 1), share: place - first };
  });
}
