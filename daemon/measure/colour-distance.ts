// How different the colours of two pictures are, wherever in the picture they are: the earth mover's distance (Rubner, Tomasi,
// Guibas 2000) along each axis of CIELAB (CIE 1976, sRGB's white D65), whose unit is a difference that one can just see when
// colours lie side by side, about 2.3 of them (Mahy, Van Eycken, Oosterlinck 1994).
import type { Pixels } from "./luma.ts";

/** √(L² + a² + b²) of the three distances, 0 for pictures with the same colours. Sizes may differ. */
export function colourDistance(one: Pixels, other: Pixels): number {
  const [first, second] = [histograms(one), histograms(other)];
  return Math.hypot(...first.map((axis, index) => moved(axis, second[index] as Float64Array)));
}

/** Of each axis, from −128 to 128. */
const binsPerUnit = 4;
const lowest = -128;
const bins = 256 * binsPerUnit + 1;

/** Shares of the picture's pixels by L*, a* and b*. */
function histograms({ width, height, channels, values }: Pixels): readonly Float64Array[] {
  const axes = [0, 1, 2].map(() => new Float64Array(bins));
  const share = 1 / (width * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const at = pixel * channels;
    const lab = toLab(values[at] as number, values[at + 1] as number, values[at + 2] as number);
    for (const [index, value] of lab.entries()) {
      const bin = Math.round((value - lowest) * binsPerUnit);
      const axis = axes[index] as Float64Array;
      axis[bin] = (axis[bin] as number) + share;
    }
  }
  return axes;
}

/** In one dimension the earth mover's distance is the area between the two sums. */
function moved(one: Float64Array, other: Float64Array): number {
  let difference = 0;
  let area = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    difference += (one[bin] as number) - (other[bin] as number);
    area += Math.abs(difference);
  }
  return area / binsPerUnit;
}

/** 8-bit sRGB (IEC 61966-2-1) to linear light, 0..1. */
const linear = Float64Array.from({ length: 256 }, (_, value) => {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

/** L* 0..100, a* and b* about −108..99. */
function toLab(red: number, green: number, blue: number): readonly [number, number, number] {
  const [r, g, b] = [linear[red] as number, linear[green] as number, linear[blue] as number];
  const x = compressed((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = compressed(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = compressed((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const compressed = (t: number): number =>
  t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
