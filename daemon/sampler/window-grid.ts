// Where overlapping windows lie on a latent: a regular grid, row by row, moved a little at random in every step so that
// seams never lie in the same place twice (DemoFusion, pipeline_demofusion_sdxl.py, get_views and its jitter).
import type { Size } from "../base/size.ts";
import type { Window } from "./crop.ts";

/** Cells. The latent is at least as large as a window along both sides. */
export interface WindowGrid {
  readonly latent: Size;
  readonly window: number;
  readonly stride: number;
}

/** How far windows move at most: (window − stride) / 4, rounded down. */
export const jitterOf = ({ window, stride }: Pick<WindowGrid, "window" | "stride">): number =>
  Math.floor((window - stride) / 4);

/**
 * One step's windows in the latent with a border of `jitterOf` cells, row by row. `draw` gives a whole number of a range:
 * for each window its columns first, then its rows, and none where it spans the latent.
 */
export function placeWindows(
  grid: WindowGrid,
  draw: (low: number, high: number) => number,
): readonly Window[] {
  const { latent, window, stride } = grid;
  const jitter = jitterOf(grid);
  const moved = (start: number, length: number): number => {
    const touchesLow = start === 0;
    const touchesHigh = start + window === length;
    if (touchesLow && touchesHigh) return start + jitter;
    // Beyond a border there is only the one of zeros, so a window that touches it moves outwards only.
    return start + jitter + draw(touchesHigh ? 0 : -jitter, touchesLow ? 0 : jitter);
  };
  return starts(latent.height, window, stride).flatMap((row) =>
    starts(latent.width, window, stride).map((column) => {
      const left = moved(column, latent.width);
      return { top: moved(row, latent.height), left, height: window, width: window };
    }),
  );
}

/** The last window is pushed back to the border. */
function starts(length: number, window: number, stride: number): readonly number[] {
  const count = Math.ceil((length - window) / stride) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(index * stride, length - window));
}
