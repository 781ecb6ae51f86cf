// Smaller pictures of nearly the same shape, for who has too little memory.
import type { Size } from "../base/size.ts";

/** Of the picture's sides. */
const shares = [0.75, 0.5, 0.375, 0.25, 0.125, 0.0625];

/** In multiples that every model paints; the largest first. */
export function shrunkSizes({ width, height }: Size): readonly Size[] {
  const shrunk = (px: number, share: number): number =>
    Math.max(64, Math.floor((px * share) / 64) * 64);
  return shares.map((share) => ({ width: shrunk(width, share), height: shrunk(height, share) }));
}
