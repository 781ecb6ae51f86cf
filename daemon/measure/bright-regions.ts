// The connected parts of a picture that are brighter than a threshold, as what their moments say of them.
import type { Size } from "../base/size.ts";
import type { Luma } from "./luma.ts";

/** Lengths in pixels. `long` and `short` are half the axes of the ellipse that has the same second moments. */
export interface Region {
  readonly area: number;
  /** The middle. */
  readonly x: number;
  readonly y: number;
  readonly long: number;
  readonly short: number;
}

/** Those that do not touch the picture's border, connected by sides, in the order of their first pixels. */
export function regionsAbove(luma: Luma, threshold: number): Region[] {
  const left = Uint8Array.from(luma.values, (value) => (value > threshold ? 1 : 0));
  const waiting = new Int32Array(left.length);
  const regions: Region[] = [];
  for (let start = left.indexOf(1); start >= 0; start = left.indexOf(1, start + 1)) {
    const region = takeRegion(start, left, { ...luma, waiting });
    if (region !== null) regions.push(region);
  }
  return regions;
}

/** Takes the region of a pixel out of those that are left; null where it touches the border. `waiting` has room for all. */
function takeRegion(
  start: number,
  left: Uint8Array,
  { width, height, waiting }: Size & { readonly waiting: Int32Array },
): Region | null {
  const moments = emptyMoments();
  let touchesBorder = false;
  let count = 0;
  const take = (at: number): void => {
    if (left[at] !== 1) return;
    left[at] = 0;
    waiting[count] = at;
    count += 1;
  };
  take(start);
  while (count > 0) {
    count -= 1;
    const at = waiting[count] as number;
    const [x, y] = [at % width, Math.floor(at / width)];
    add(moments, x, y);
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) touchesBorder = true;
    if (x > 0) take(at - 1);
    if (x < width - 1) take(at + 1);
    take(at - width);
    take(at + width);
  }
  return touchesBorder ? null : toRegion(moments);
}

interface Moments {
  area: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

const emptyMoments = (): Moments => ({ area: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 });

function add(moments: Moments, x: number, y: number): void {
  moments.area += 1;
  moments.x += x;
  moments.y += y;
  moments.xx += x * x;
  moments.xy += x * y;
  moments.yy += y * y;
}

/** A pixel is a square: 1/12 of variance along each axis. An ellipse has half axes of twice its deviations. */
function toRegion({ area, x, y, xx, xy, yy }: Moments): Region {
  const [middleX, middleY] = [x / area, y / area];
  const across = xx / area - middleX ** 2 + 1 / 12;
  const down = yy / area - middleY ** 2 + 1 / 12;
  const mixed = xy / area - middleX * middleY;
  const mean = (across + down) / 2;
  const spread = Math.hypot((across - down) / 2, mixed);
  return {
    area,
    x: middleX,
    y: middleY,
    long: 2 * Math.sqrt(mean + spread),
    short: 2 * Math.sqrt(Math.max(0, mean - spread)),
  };
}
