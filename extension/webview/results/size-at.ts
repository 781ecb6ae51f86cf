// How large a picture is of which only a share of its sides is kept.
import type { Extent } from "./zoom.ts";

/** Whole pixels, one at least; `share` of each side. */
export function sizeAt({ width, height }: Extent, share: number): Extent {
  const side = (px: number): number => Math.max(1, Math.round(px * share));
  return { width: side(width), height: side(height) };
}
