// Convolution dispersion: the 5 by 5 kernel that does to an enlarged picture what a 3 by 3 kernel does to the picture, as a
// matrix R for all kernels at once: W5 = R · W3 (ScaleCrafter §3.2, equations 5 and 6; solved here as linear least squares).

/** Side of a kernel before and after. */
const small = 3;
const large = 5;

/** Weight of "the same on the picture as it is" beside "the same on the enlarged picture". */
const pixelWeight = 0.05;

type Matrix = readonly (readonly number[])[];

/** R, 25 rows of 9 values; kernels are taken row by row. */
export function dispersion(): Matrix {
  const equations = oneHots(small).flatMap((picture) => equationsOf(picture));
  return leastSquares(equations);
}

/** One row: what the 25 unknowns are multiplied with, and what that must be for each of the 9 one-hot kernels. */
interface Equation {
  readonly unknowns: readonly number[];
  readonly targets: readonly number[];
}

/** For one picture of 3 by 3 cells: conv5(up(x)) = up(conv3(x)), and conv5(x) = conv3(x). */
function equationsOf(picture: Matrix): readonly Equation[] {
  const enlarged = enlarge(picture);
  const before = oneHots(small).map((kernel) => convolve(picture, kernel));
  const structure = pair(
    oneHots(large).map((kernel) => convolve(enlarged, kernel)),
    before.map(enlarge),
    1,
  );
  const pixels = pair(
    oneHots(large).map((kernel) => convolve(picture, kernel)),
    before,
    pixelWeight,
  );
  return [...structure, ...pixels];
}

/** An equation for each cell of the pictures that the kernels make. */
function pair(
  unknowns: readonly Matrix[],
  targets: readonly Matrix[],
  weight: number,
): readonly Equation[] {
  const cells = (pictures: readonly Matrix[], cell: number): readonly number[] =>
    pictures.map((picture) => weight * (picture.flat()[cell] as number));
  const count = targets[0]?.flat().length ?? 0;
  return Array.from({ length: count }, (_, cell) => ({
    unknowns: cells(unknowns, cell),
    targets: cells(targets, cell),
  }));
}

/** All pictures of side by side cells with a single 1. */
function oneHots(side: number): readonly Matrix[] {
  return Array.from({ length: side * side }, (_, hot) =>
    Array.from({ length: side }, (_row, y) =>
      Array.from({ length: side }, (_cell, x) => (y * side + x === hot ? 1 : 0)),
    ),
  );
}

/** Bilinear, corner on corner: n cells become 2n − 1, every second one between two. */
function enlarge(picture: Matrix): Matrix {
  const between = (rows: Matrix): Matrix =>
    Array.from({ length: 2 * rows.length - 1 }, (_, index) => {
      const [low, high] = [Math.floor(index / 2), Math.ceil(index / 2)];
      return (rows[low] as readonly number[]).map(
        (value, column) => (value + (rows[high]?.[column] as number)) / 2,
      );
    });
  return turn(between(turn(between(picture))));
}

const turn = (rows: Matrix): Matrix =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] as number));

/** With zeros around the picture, which keeps its size; the kernel is not turned around, as in every network. */
function convolve(picture: Matrix, kernel: Matrix): Matrix {
  const reach = (kernel.length - 1) / 2;
  const at = (y: number, x: number): number => picture[y]?.[x] ?? 0;
  return picture.map((row, y) =>
    row.map((_, x) => {
      const products = kernel.flatMap((weights, dy) =>
        weights.map((weight, dx) => weight * at(y + dy - reach, x + dx - reach)),
      );
      return products.reduce((sum, each) => sum + each, 0);
    }),
  );
}

/** Solves AᵀA · R = AᵀB by Gauss and Jordan; A is well conditioned (19), so that doubles lose nothing that float32 shows. */
function leastSquares(equations: readonly Equation[]): Matrix {
  const width = equations[0]?.unknowns.length ?? 0;
  const rows = Array.from({ length: width }, (_, row) => {
    const sums = new Float64Array(width + (equations[0]?.targets.length ?? 0));
    for (const { unknowns, targets } of equations)
      for (const [column, value] of [...unknowns, ...targets].entries())
        sums[column] = (sums[column] as number) + (unknowns[row] as number) * value;
    return sums;
  });
  // AᵀA is positive definite, so that no row has to change its place.
  for (const [pivot, own] of rows.entries()) {
    const scale = own[pivot] as number;
    own.forEach((value, column) => {
      own[column] = value / scale;
    });
    for (const other of rows) if (other !== own) subtract(other, own, other[pivot] as number);
  }
  return rows.map((row) => [...row.subarray(width)]);
}

function subtract(from: Float64Array, row: Float64Array, times: number): void {
  row.forEach((value, column) => {
    from[column] = (from[column] as number) - times * value;
  });
}
