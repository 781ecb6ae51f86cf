// The sizes of a cascade that ends at a given size: first one near the model's native size, then doubled.
// The ratio of the sides is kept exactly wherever the model's multiples allow it, for stages are enlarged as they are.
import type { Size } from "../base/size.ts";
import type { PictureSides } from "../config/model-config.ts";

/** Pixels along the blocks that the networks like best. */
const blockPx = 64;

/** How far a side may be from the wanted one, as a ratio: half an octave. */
const near = Math.SQRT2;

/**
 * Stage sizes in pixels, smallest first, `size` last. One stage where `size` is no larger than the native area.
 * A stage grows its predecessor by 2, the last one by √2 to 2√2.
 */
export function deriveSizes(size: Size, sides: NativeSides): readonly [Size, ...Size[]] {
  const side = meanSide(size);
  if (side <= sides.nativePx) return [size];
  const first = firstSize(size, sides);
  if (first.width >= size.width || first.height >= size.height) return [size];
  const rest: Size[] = [];
  for (let next = twice(first); meanSide(next) * near <= side * (1 + 1e-9); next = twice(next))
    rest.push(next);
  return [first, ...rest, size];
}

type NativeSides = Pick<PictureSides, "nativePx" | "multipleOfPx">;

function firstSize(size: Size, { nativePx, multipleOfPx }: NativeSides): Size {
  const unit = greatestDivisor(size.width, size.height);
  const ratio = { width: size.width / unit, height: size.height / unit };
  for (const stepPx of [blockPx, multipleOfPx]) {
    const exact = nearestMultiple(ratio, stepPx, nativePx);
    if (exact !== undefined) return exact;
  }
  const stretch = Math.sqrt(size.width / size.height);
  return {
    width: nearestSide(nativePx * stretch, multipleOfPx),
    height: nearestSide(nativePx / stretch, multipleOfPx),
  };
}

/** The multiple of `ratio`·`stepPx` nearest to the native area, the larger one of two equally near. */
function nearestMultiple(ratio: Size, stepPx: number, nativePx: number): Size | undefined {
  const unit = { width: ratio.width * stepPx, height: ratio.height * stepPx };
  const wanted = nativePx / meanSide(unit);
  const below = Math.max(1, Math.floor(wanted));
  const times = (below + 1) / wanted <= (wanted / below) * (1 + 1e-9) ? below + 1 : below;
  const off = times / wanted;
  if (off > near * (1 + 1e-9) || off * near < 1 - 1e-9) return undefined;
  return { width: unit.width * times, height: unit.height * times };
}

const meanSide = (size: Size): number => Math.sqrt(size.width * size.height);

const twice = (size: Size): Size => ({ width: size.width * 2, height: size.height * 2 });

/** The multiple of `stepPx` nearest to a side, one at least. */
export function nearestSide(px: number, stepPx: number): number {
  return Math.max(stepPx, Math.round(px / stepPx) * stepPx);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
