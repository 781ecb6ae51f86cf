// An attention map as colours to lay over a picture: what is looked at most is hottest and hides most.

/** RGBA with one pixel for each value, and the values that are coldest and hottest. */
export interface HeatMap {
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly least: number;
  readonly most: number;
}

/** From nothing over violet and orange to pale yellow, which shows on dark and on light pictures. */
const colours = [
  [40, 11, 84],
  [120, 28, 109],
  [188, 55, 84],
  [237, 105, 37],
  [252, 165, 10],
  [252, 255, 164],
] as const;

/** The values' own range is spread over all colours. */
export function heatMap(values: Float32Array): HeatMap {
  const least = values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = values.reduce((one, other) => Math.max(one, other), 0);
  const rgba = new Uint8ClampedArray(values.length * 4);
  for (const [pixel, value] of values.entries()) {
    const heat = most > least ? (value - least) / (most - least) : 0;
    rgba.set(colourOf(heat), pixel * 4);
    rgba[pixel * 4 + 3] = 255 * heat;
  }
  return { rgba, least, most };
}

function colourOf(heat: number): readonly number[] {
  const place = heat * (colours.length - 1);
  const below = Math.min(Math.floor(place), colours.length - 2);
  const [from, to] = [colours[below] ?? colours[0], colours[below + 1] ?? colours[0]];
  return from.map((value, channel) => value + (place - below) * ((to[channel] ?? 0) - value));
}
