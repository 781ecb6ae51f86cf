// Where the line between before and after lies: as arithmetic, without DOM.
import type { Extent, Placed } from "./zoom.ts";

/** The part of the viewport, in CSS pixels from its left edge, over which the line moves: where there is picture. */
function sliderRange(
  placed: Placed,
  viewport: Extent,
): { readonly from: number; readonly to: number } {
  return {
    from: Math.max(0, placed.left),
    to: Math.min(viewport.width, placed.left + placed.width),
  };
}

/** CSS pixels from the viewport's left edge, for a place of the slider from 0 to 1. */
export function lineAt(share: number, placed: Placed, viewport: Extent): number {
  const { from, to } = sliderRange(placed, viewport);
  return from + share * (to - from);
}

/** The slider's place, 0 to 1, that brings the line to `x`. */
export function shareAt(x: number, placed: Placed, viewport: Extent): number {
  const { from, to } = sliderRange(placed, viewport);
  return to <= from ? 0.5 : Math.min(1, Math.max(0, (x - from) / (to - from)));
}
